import { documentLink } from '@prebake/kernel'

/** For everything but the download: two boots, the snapshot and its verification. */
const besidesMs = 30 * 60_000
/** STS's longest session of a role (AssumeRole, `DurationSeconds`). */
const longestSeconds = 12 * 60 * 60

export interface CredentialsVerdict {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/**
 * When the credentials expire, from the SDK or from configure-aws-credentials. That action does not export the expiry with the keys, but only as its output
 * `aws-expiration` with `output-credentials: true`, as JSON (its `helpers.ts`), so in quotes.
 */
export function credentialsEnd(fromSource: Date | undefined, env: NodeJS.ProcessEnv): Date | undefined {
  const candidates = [fromSource, new Date((env['AWS_CREDENTIAL_EXPIRATION'] ?? '').replace(/^"|"$/g, ''))]
  return candidates.find((date) => date !== undefined && !Number.isNaN(date.getTime()))
}

/**
 * Whether the credentials last for the build; undefined if they do not expire. They are never renewed within a job, and the cleanup needs them too.
 * @param timeoutMs the bake's own limit
 */
export function judgeCredentials(
  end: Date | undefined,
  now: Date,
  timeoutMs: number,
  env: NodeJS.ProcessEnv,
): CredentialsVerdict | undefined {
  const neededSeconds = Math.ceil((timeoutMs + besidesMs) / 60_000) * 60
  const setting =
    neededSeconds > longestSeconds
      ? 'no role session lasts that long: lower `timeout`'
      : `set \`role-duration-seconds: ${neededSeconds}\` of configure-aws-credentials, and allow it in the role's maximum session duration`
  if (end === undefined) {
    if (!env['AWS_SESSION_TOKEN']) return undefined
    return {
      level: 'info',
      text: `The AWS credentials are temporary and their expiry is unknown. A build may take ${minutes(neededSeconds)}: ${setting}. How to have this checked: ${documentLink('docs/security.md#credentials')}.`,
    }
  }
  const leftSeconds = Math.floor((end.getTime() - now.getTime()) / 1000)
  if (leftSeconds >= neededSeconds) return { level: 'info', text: `The AWS credentials last for another ${minutes(leftSeconds)}.` }
  return {
    level: 'warning',
    text: `The AWS credentials expire in ${minutes(leftSeconds)} (${end.toISOString()}), but a build with its cleanup may take ${minutes(neededSeconds)}: ${setting}.`,
  }
}

const minutes = (seconds: number): string => `${Math.max(0, Math.floor(seconds / 60))} min`
