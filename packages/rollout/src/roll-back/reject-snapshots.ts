import type { Reporter } from '@prebake/kernel'
import { isNodeClass, isNodePool, nodeClassKind, nodeClassOf, snapshotVolumesOf, type KubernetesObject } from '@prebake/manifests'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { SnapshotPointer } from '../ports/snapshot-pointer.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

/**
 * Rejects the snapshots that only the new NodeClasses use, and points back to the one from before, so that the next rollout does not take them again.
 * What cannot be done is a warning, because the rollout's own error is the one to report.
 */
export async function rejectSnapshots(
  planned: readonly PlannedApply[],
  run: string,
  { cluster, reporter, verdicts, pointer }: RollOutPorts,
  signal: AbortSignal,
): Promise<void> {
  await warnOnFailure(reporter, 'No snapshot was rejected', async () => {
    const former = await formerSnapshots(planned, cluster, signal)
    const rejected = planned
      .flatMap(({ manifest: { document } }) => (isNodeClass(document) ? snapshotsOf(document) : []))
      .filter((id) => !former.includes(id))
    for (const id of verdicts === undefined ? [] : rejected) {
      await warnOnFailure(reporter, `${id} was not tagged as rejected`, async () => {
        await verdicts?.reject(id, `rollout ${run}`, signal)
        reporter.info(`${id} tagged as rejected`)
      })
    }
    if (pointer === undefined || rejected.length === 0) return
    await warnOnFailure(reporter, `${pointer.title} was not reset`, () => resetPointer(pointer, { former, rejected }, reporter, signal))
  })
}

/** The snapshots of the NodeClasses that the NodePools referred to before. */
async function formerSnapshots(
  planned: readonly PlannedApply[],
  cluster: RollOutPorts['cluster'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = new Set(planned.flatMap(({ before }) => (before && isNodePool(before) ? (nodeClassOf(before) ?? []) : [])))
  const former: string[] = []
  for (const name of names) {
    const before = planned.find(({ manifest: { document } }) => isNodeClass(document) && document.metadata.name === name)?.before
    former.push(...snapshotsOf(before ?? (await cluster.get({ ...nodeClassKind, name }, signal))))
  }
  return [...new Set(former)]
}

async function resetPointer(
  pointer: SnapshotPointer,
  { former, rejected }: { readonly former: readonly string[]; readonly rejected: readonly string[] },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const now = await pointer.read(signal)
  const [only, ...others] = former
  if (now === undefined || !rejected.includes(now)) return reporter.info(`${pointer.title} points to ${now ?? 'nothing'}; left unchanged`)
  if (only === undefined || others.length > 0) {
    return reporter.warning(`${pointer.title} still points to ${now}: there was not exactly one snapshot before. Set it by hand.`)
  }
  await pointer.write(only, signal)
  reporter.info(`${pointer.title}: ${now} → ${only}`)
}

async function warnOnFailure(reporter: Reporter, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    reporter.warning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function snapshotsOf(nodeClass: KubernetesObject | undefined): readonly string[] {
  return nodeClass === undefined ? [] : snapshotVolumesOf(nodeClass).map(({ snapshotId }) => snapshotId)
}
