import { InputError, type Problem, type Reporter } from '@prebake/kernel'
import { isRejected, isVerified } from '@prebake/snapshot-record'
import type { Pointer } from './ports/pointers.ts'
import { probePointers } from './probe-pointers.ts'
import type { SnapshotRecord, Snapshots } from './ports/snapshots.ts'

export interface Publication {
  readonly snapshotId: string
  /** What the first pointer that had one pointed to before. */
  readonly previousSnapshotId: string | undefined
  readonly changed: boolean
}

/**
 * Points every pointer to the snapshot, and writes only what differs; what is to be written is probed first, so that it is all of them or none.
 * @throws InputError when the snapshot does not exist, is not completed, not verified (unless allowed) or was rejected; nothing is then written.
 */
export async function publishSnapshot(
  request: { readonly snapshotId: string; readonly allowUnverified: boolean },
  { snapshots, pointers, reporter }: { readonly snapshots: Snapshots; readonly pointers: readonly Pointer[]; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<Publication> {
  const { snapshotId, allowUnverified } = request
  const problem = judge(snapshotId, await snapshots.get(snapshotId, signal), allowUnverified)
  if (problem !== undefined) throw new InputError([problem])

  const befores: (string | undefined)[] = []
  for (const pointer of pointers) befores.push(await pointer.read(signal))
  await probePointers(
    pointers.filter((_, index) => befores[index] !== snapshotId),
    signal,
  )
  for (const [index, pointer] of pointers.entries()) {
    const before = befores[index]
    if (before === snapshotId) {
      reporter.info(`${pointer.title} already says ${snapshotId}`)
      continue
    }
    await pointer.write(snapshotId, signal)
    reporter.info(`${pointer.title}: ${before ?? 'not set'} → ${snapshotId}`)
  }
  return {
    snapshotId,
    previousSnapshotId: befores.find((before) => before !== undefined),
    changed: befores.some((before) => before !== snapshotId),
  }
}

function judge(snapshotId: string, snapshot: SnapshotRecord | undefined, allowUnverified: boolean): Problem | undefined {
  const problem = (wrong: string, remedy: string) => ({ input: 'snapshot-id', wrong: `${snapshotId} ${wrong}`, remedy })
  if (snapshot === undefined)
    return problem('does not exist in this region and account.', "Give build-snapshot's output, and the same `aws-region`.")
  if (snapshot.state !== 'completed')
    return problem(`is ${snapshot.state} (${snapshot.progress} %), not completed.`, 'Wait for the build to end.')
  if (isRejected(snapshot.tags)) return problem('was rejected by a rollout that failed.', 'Build again with `rebuild: true`.')
  if (!isVerified(snapshot.tags) && !allowUnverified) {
    return problem(
      'was never verified on a second instance, or failed it.',
      'Build it with `verify: quick`, or set `allow-unverified: true` if you know what is on it.',
    )
  }
  return undefined
}
