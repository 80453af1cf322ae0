import { InputError, messageOf, PrebakeError } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BegunBuilder, BuildJournal } from './build-journal.ts'

/**
 * For an incomplete cleanup: what the run may have left, when that ends by itself, and the commands that find and end it.
 * @param reasons what was tried and what happened
 */
export function leftBehind(
  { runToken, region, journal }: { readonly runToken: string; readonly region: string; readonly journal: BuildJournal },
  reasons: readonly (readonly [tried: string, error: unknown])[],
): PrebakeError {
  const { builders, snapshot } = journal
  const known = [...builders.map(describeBuilder), ...(snapshot === undefined ? [] : [describeSnapshot(snapshot)])]
  const message = [
    ...reasons.map(([tried, error]) => `${tried}: ${problemsOrMessage(error)}`),
    `The run may have left in ${region}, with the tag ${tagKeys.run}=${runToken}:`,
    ...(known.length > 0 ? known : ['nothing that is known']).map((line) => `- ${line}`),
  ].join('\n')
  const ids = builders.flatMap(({ instanceId }) => instanceId ?? [])
  const hints = reasons.flatMap(([, error]) => (error instanceof PrebakeError && error.hint !== undefined ? [error.hint] : []))
  const hint = [
    ...new Set(hints),
    `Find it: \`aws ec2 describe-instances --region ${region} --filters Name=tag:${tagKeys.run},Values=${runToken} Name=instance-state-name,Values=pending,running,stopping,stopped --query 'Reservations[].Instances[].[InstanceId,State.Name]' --output text\``,
    `End it: \`aws ec2 terminate-instances --region ${region} --instance-ids ${ids.length > 0 ? ids.join(' ') : '<the IDs from above>'}\``,
  ].join('\n')
  return new PrebakeError(message, { code: 'cleanup-incomplete' satisfies SnapshotErrorCode, hint, cause: reasons[0]?.[1] })
}

function describeBuilder({ instanceId, purpose, ends, stopped }: BegunBuilder): string {
  const what = `${instanceId ?? 'an instance whose ID is unknown, because EC2 has not answered'} (launched to ${purpose})`
  if (stopped) return `${what}: it is stopped, so it has no timer, and its volumes cost money until it is terminated`
  return `${what}: its timer terminates it by ${ends} at the latest, if the build got as far as setting it`
}

function describeSnapshot({ snapshotId }: { readonly snapshotId?: string }): string {
  return `${snapshotId ?? 'a snapshot whose ID is unknown, because EBS has not answered'}: it is sealed and worth keeping. The next build of the same content verifies and uses it`
}

function problemsOrMessage(error: unknown): string {
  if (error instanceof InputError) return error.problems.map(({ input, wrong }) => `${input}: ${wrong}`).join(' ')
  return messageOf(error)
}
