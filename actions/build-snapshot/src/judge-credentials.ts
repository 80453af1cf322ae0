import { documentLink } from '@prebake/kernel'

/** For everything beside the download: two boots, the snapshot and its check. */
const besidesMs = 30 * 60_000
/** STS gives no role a longer session (AssumeRole, `DurationSeconds`). */
const longestSeconds = 12 * 60 * 60

export interface CredentialsVerdict {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/**
 * When the credentials end, read from where the SDK and configure-aws-credentials leave it. That action exports the keys but not their end: it gives it
 * as its output `aws-expiration`, and only with `output-credentials: true`, as JSON (its `helpers.ts`); so it arrives in quotes.
 */
export function credentialsEnd(fromSource: Date | undefined, env: NodeJS.ProcessEnv): Date | undefined {
  const candidates = [fromSource, new Date((env['AWS_CREDENTIAL_EXPIRATION'] ?? '').replace(/^"|"$/g, ''))]
  return candidates.find((date) => date !== undefined && !Number.isNaN(date.getTime()))
}

/**
 * Whether the credentials last for the build; undefined where there is nothing to say. They are never renewed within a job, and the cleanup needs them too.
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
      : `set \`role-duration-seconds: ${neededSeconds}\` of configure-aws-credentials, and let the role's maximum session duration allow it`
  if (end === undefined) {
    if (!env['AWS_SESSION_TOKEN']) return undefined
    return {
      level: 'info',
      text: `These AWS credentials end, and nothing says when. A build may take ${minutes(neededSeconds)}: ${setting}. ${documentLink('docs/security.md#credentials')} shows how to have it checked.`,
    }
  }
  const leftSeconds = Math.floor((end.getTime() - now.getTime()) / 1000)
  if (leftSeconds >= neededSeconds) return { level: 'info', text: `The AWS credentials last for another ${minutes(leftSeconds)}.` }
  return {
    level: 'warning',
    text: `The AWS credentials end in ${minutes(leftSeconds)} (${end.toISOString()}), and a build may take ${minutes(neededSeconds)}, its cleanup included: ${setting}.`,
  }
}

const minutes = (seconds: number): string => `${Math.max(0, Math.floor(seconds / 60))} min`
