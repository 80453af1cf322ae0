import { isRejected, isVerified, judgeReaders, readRecord, tagKeys, type Nodes, type VerifiedLevel } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import type { BuildPlan } from './resolve-plan.ts'

export interface Found {
  /** The newest that is completed, verified as strictly as was asked, and not rejected. */
  readonly reusable: SnapshotRecord | undefined
  /**
   * The oldest that lacks that verdict: another run is about to finish it, was lost before it could, or asked for less. One that failed its check is not
   * among them.
   */
  readonly unfinished: SnapshotRecord | undefined
}

/** Looks for snapshots of the plan's content that nodes of its release can read, checked at least as strictly as was asked. */
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

/** The nodes that a build is for: those of the release and the variant that it is built on. */
export const nodesOf = (
  { kubernetesVersion }: Pick<BuildRequest, 'kubernetesVersion'>,
  { machineImage }: Pick<BuildPlan, 'machineImage'>,
): Nodes => ({ bottlerocket: machineImage.bottlerocketVersion, kubernetes: kubernetesVersion })

function mayBeRead(nodes: Nodes, tags: Readonly<Record<string, string>>): boolean {
  const record = readRecord(tags)
  const verdict = record === undefined ? 'unknown' : judgeReaders(nodes, record)
  return verdict === 'can-read' || verdict === 'unknown'
}

/** What a snapshot must have passed to serve a request; one that asks for no check of its own still reuses only what was checked. */
function levelFor({ verify }: Pick<BuildRequest, 'verify'>): VerifiedLevel {
  return verify === 'none' ? 'quick' : verify
}
