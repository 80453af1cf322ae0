import { isNodeClass, isNodePool, nodeClassKind, nodeClassOf, snapshotVolumesOf, type KubernetesObject } from '@prebake/manifests'
import type { Applied } from '../apply/apply-planned.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

/**
 * Rejects the snapshots that only the new NodeClasses use, and points back to the one from before, so that the next rollout does not take them again.
 * What cannot be done is a warning, because the rollout's own error is the one to report.
 */
export async function rejectSnapshots(
  applied: readonly Applied[],
  run: string,
  { cluster, reporter, verdicts, pointer }: RollOutPorts,
  signal: AbortSignal,
): Promise<void> {
  const former = new Set<string>()
  for (const name of new Set(applied.flatMap(({ before }) => (before && isNodePool(before) ? (nodeClassOf(before) ?? []) : [])))) {
    const before = applied.find(({ object }) => isNodeClass(object) && object.metadata.name === name)?.before
    for (const id of snapshotsOf(before ?? (await cluster.get({ ...nodeClassKind, name }, signal)))) former.add(id)
  }
  const rejected = applied.flatMap(({ object }) => (isNodeClass(object) ? snapshotsOf(object) : [])).filter((id) => !former.has(id))

  for (const id of verdicts === undefined ? [] : rejected) {
    await warnOnFailure(reporter, `${id} was not tagged as rejected`, async () => {
      await verdicts?.reject(id, `rollout ${run}`, signal)
      reporter.info(`${id} tagged as rejected`)
    })
  }
  if (pointer === undefined || rejected.length === 0) return
  await warnOnFailure(reporter, `${pointer.title} was not reset`, async () => {
    const now = await pointer.read(signal)
    const [only, ...others] = former
    if (now === undefined || !rejected.includes(now)) return reporter.info(`${pointer.title} points to ${now ?? 'nothing'}; left unchanged`)
    if (only === undefined || others.length > 0) {
      return reporter.warning(`${pointer.title} still points to ${now}: there was not exactly one snapshot before. Set it by hand.`)
    }
    await pointer.write(only, signal)
    reporter.info(`${pointer.title}: ${now} → ${only}`)
  })
}

async function warnOnFailure(reporter: RollOutPorts['reporter'], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    reporter.warning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function snapshotsOf(nodeClass: KubernetesObject | undefined): readonly string[] {
  return nodeClass === undefined ? [] : snapshotVolumesOf(nodeClass).map(({ snapshotId }) => snapshotId)
}
