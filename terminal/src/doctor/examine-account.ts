import type { AwsConnection } from '@prebake/aws'
import { isVerified, tagKeys } from '@prebake/snapshot-record'
import type { DoctorFinding, Examined } from './finding.ts'

type Tags = Readonly<Record<string, string>>

/**
 * What costs money in the account for nothing, and whether the snapshot of `.snapshot-id` can be used.
 * @param snapshotId undefined: there is no such file
 */
export async function examineAccount(
  { ownResources, snapshots, region }: Pick<AwsConnection, 'ownResources' | 'snapshots' | 'region'>,
  { snapshotId, now }: { readonly snapshotId: string | undefined; readonly now: Date },
  signal: AbortSignal,
): Promise<Examined> {
  const [builders, volumes, snapshot] = await Promise.all([
    ownResources.builders(signal),
    ownResources.looseVolumes(signal),
    snapshotId === undefined ? undefined : snapshots.get(snapshotId, signal),
  ])
  const left = builders.filter(({ tags }) => isOver(tags, now)).map(({ instanceId, tags }) => [`Instance ${instanceId}`, tags] as const)
  const loose = volumes.map(({ volumeId, tags }) => [`Volume ${volumeId}`, tags] as const)
  return {
    findings: [...[...left, ...loose].map(([title, tags]) => leftBehind(title, tags, region)), ...judgeSnapshot(snapshotId, snapshot)],
    notChecked: snapshotId === undefined ? ['The snapshot: there is no .snapshot-id in this folder.'] : [],
  }
}

/** Whether a builder has outlived its run. */
const isOver = (tags: Tags, now: Date): boolean => Date.parse(tags[tagKeys.ends] ?? '') < now.getTime()

function leftBehind(title: string, tags: Tags, region: string): DoctorFinding {
  return {
    code: 'builder-left-behind',
    severity: 'error',
    cause: `${title} is left from the run ${tags[tagKeys.run] ?? 'unknown'}, and costs money for nothing.`,
    remedy: '`make teardown` deletes it, and so does the workflow that prunes snapshots.',
    evidence: [`${title}: ${tagKeys.ends}=${tags[tagKeys.ends] ?? 'not set'}`],
    check: `aws ec2 describe-tags --region ${region} --filters Name=key,Values=${tagKeys.run}`,
  }
}

function judgeSnapshot(
  snapshotId: string | undefined,
  found: { readonly state: string; readonly tags: Tags } | undefined,
): readonly DoctorFinding[] {
  if (snapshotId === undefined) return []
  const wrong = (code: string, cause: string, remedy: string): DoctorFinding[] => [
    {
      code,
      severity: 'error',
      cause: `${snapshotId}, of .snapshot-id, ${cause}.`,
      remedy,
      evidence: [],
      check: `aws ec2 describe-snapshots --snapshot-ids ${snapshotId}`,
    },
  ]
  const again = 'Run `make optimize-vllm`: it bakes what is missing.'
  if (found === undefined) return wrong('snapshot-not-found', 'does not exist in this account and region', again)
  if (found.state !== 'completed') return wrong('snapshot-not-completed', `is ${found.state}`, 'Wait until it is completed.')
  if (found.tags[tagKeys.rejected] !== undefined)
    return wrong('snapshot-rejected-by-rollout', `was rejected by a rollout: ${found.tags[tagKeys.rejected]}`, again)
  return isVerified(found.tags) ? [] : wrong('snapshot-not-verified', 'was never verified on a second instance', again)
}
