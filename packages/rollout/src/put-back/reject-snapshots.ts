import { isNodeClass, isNodePool, type KubernetesObject, nodeClassOf } from '@prebake/manifests'
import type { Applied } from '../apply-planned.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

/**
 * Marks the snapshots that only the new NodeClasses have, and points back to the one from before, so that the next rollout does not take them again.
 * What cannot be done is a warning: the rollout's own error must stay the one that is told.
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
    const reference = { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', name }
    for (const snapshot of snapshotsOf(before ?? (await cluster.get(reference, signal)))) former.add(snapshot)
  }
  const rejected = applied.flatMap(({ object }) => (isNodeClass(object) ? snapshotsOf(object) : [])).filter((id) => !former.has(id))

  for (const id of verdicts === undefined ? [] : rejected) {
    await warnOf(reporter, `${id} is not marked as rejected`, async () => {
      await verdicts?.reject(id, `rollout ${run}`, signal)
      reporter.info(`${id} is marked as rejected`)
    })
  }
  if (pointer === undefined || rejected.length === 0) return
  await warnOf(reporter, `${pointer.title} is not put back`, async () => {
    const now = await pointer.read(signal)
    const [only, ...others] = former
    if (now === undefined || !rejected.includes(now)) return reporter.info(`${pointer.title} says ${now ?? 'nothing'}, and stays so`)
    if (only === undefined || others.length > 0) {
      return reporter.warning(`${pointer.title} still says ${now}: there is not one snapshot from before. Set it by hand.`)
    }
    await pointer.write(only, signal)
    reporter.info(`${pointer.title}: ${now} → ${only}`)
  })
}

async function warnOf(reporter: RollOutPorts['reporter'], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    reporter.warning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function snapshotsOf(nodeClass: KubernetesObject | undefined): readonly string[] {
  const { spec } = (nodeClass ?? {}) as {
    readonly spec?: { readonly blockDeviceMappings?: readonly { readonly ebs?: { readonly snapshotID?: string } }[] }
  }
  return (spec?.blockDeviceMappings ?? []).flatMap(({ ebs }) => ebs?.snapshotID ?? [])
}
