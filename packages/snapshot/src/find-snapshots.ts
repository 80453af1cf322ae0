import { isRejected, isVerified, judgeReaders, readRecord, tagKeys, type Nodes, type VerifiedLevel } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import type { BuildPlan } from './resolve-plan.ts'

export interface Found {
  /** The newest that is completed, verified at least as strictly as requested, and not rejected. */
  readonly reusable: SnapshotRecord | undefined
  /**
   * The oldest without that verdict: another run is about to finish it, was lost before it could, or requested a lower level. Excludes a snapshot that
   * failed its verification.
   */
  readonly unfinished: SnapshotRecord | undefined
}

/** Finds snapshots of the plan's content that nodes of its release can read, verified at least as strictly as requested. */
export async function findSnapshots(
  request: Pick<BuildRequest, 'verify' | 'kubernetesVersion'>,
  plan: Pick<BuildPlan, 'fingerprint' | 'machineImage'>,
  { snapshots }: Pick<BuildPorts, 'snapshots'>,
  signal: AbortSignal,
): Promise<Found> {
  const level = levelFor(request)
  const nodes = nodesOf(request, plan)
  const found = (await snapshots.find({ [tagKeys.fingerprint]: plan.fingerprint }, signal)).filter(
    ({ tags }) => !isRejected(tags) && mayBeRead(nodes, tags),
  )
  return {
    reusable: found.find(({ state, tags }) => state === 'completed' && isVerified(tags, level)),
    unfinished: found.findLast(
      ({ state, tags }) =>
        (state === 'pending' || state === 'completed') && tags[tagKeys.verified] !== 'failed' && !isVerified(tags, level),
    ),
  }
}

/** The nodes that a build is for: of the release and variant that it is built on. */
export const nodesOf = (
  { kubernetesVersion }: Pick<BuildRequest, 'kubernetesVersion'>,
  { machineImage }: Pick<BuildPlan, 'machineImage'>,
): Nodes => ({ bottlerocket: machineImage.bottlerocketVersion, kubernetes: kubernetesVersion })

function mayBeRead(nodes: Nodes, tags: Readonly<Record<string, string>>): boolean {
  const record = readRecord(tags)
  const verdict = record === undefined ? 'unknown' : judgeReaders(nodes, record)
  return verdict === 'can-read' || verdict === 'unknown'
}

/** The level that a snapshot needs to be reused. A request without verification still reuses only verified snapshots. */
function levelFor({ verify }: Pick<BuildRequest, 'verify'>): VerifiedLevel {
  return verify === 'none' ? 'quick' : verify
}
