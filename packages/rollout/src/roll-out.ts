import { applyPlanned, type Applied } from './apply-planned.ts'
import { checkCluster } from './check-cluster.ts'
import { endFailed } from './end-failed.ts'
import { createHolds } from './hold/holds.ts'
import { diffObjects, isNodeClass, type KubernetesObject, titleOf } from '@prebake/manifests'
import { prove } from './prove/prove.ts'
import { retireVersions } from './retire-versions.ts'
import type { AppliedObject, RollOutPorts, RollOutRequest, RollOutResult } from './roll-out-request.ts'

/**
 * Applies what differs and waits until what the manifests say is what serves; puts back what served before when it does not.
 * @throws InputError when a document is refused (nothing has then been applied); SupersededError when somebody else deploys at the same time;
 *   FailedRollout, which says whether what was before serves again; any error of the first look when nothing was applied.
 */
export async function rollOut(request: RollOutRequest, ports: RollOutPorts, signal: AbortSignal): Promise<RollOutResult> {
  const { clock, reporter } = ports
  const deadline = clock.now().getTime() + request.timeoutMs
  const remainingMs = () => Math.max(0, deadline - clock.now().getTime())

  const planned = await reporter.group('Check every document against the cluster', () => checkCluster(request, ports, signal))
  if (request.dryRun) {
    const verb = (before: unknown, changes: boolean) =>
      before === undefined ? 'would be created' : changes ? 'would be changed' : 'is as it would be'
    for (const { manifest, before, after, changes } of planned) {
      reporter.info(`${titleOf(manifest.document)} ${verb(before, changes)}`)
      if (before !== undefined && after !== undefined) for (const line of diffObjects(before, after)) reporter.info(`  ${line}`)
    }
    return resultOf(planned.map(({ manifest, changes }) => ({ object: manifest.document, changed: changes })))
  }

  const holds = createHolds(request.run, ports)
  const applied: Applied[] = []
  let revision: string | undefined
  try {
    const applying = { force: request.force, holds, remainingMs, onApplied: (one: Applied) => applied.push(one) }
    await reporter.group('Apply', () => applyPlanned(planned, applying, ports, signal))
    // NodeClasses were awaited before anything was switched to them.
    const objects = applied.flatMap(({ object }) => (isNodeClass(object) ? [] : [object]))
    revision = await reporter.group('Wait until it serves', () => prove(objects, remainingMs, ports, signal))
  } catch (error) {
    throw await endFailed(error, applied, holds, request, ports, signal)
  }
  const serving = applied.map(({ object }) => object)
  // Neither needs the other, and the person who watches waits for both.
  await Promise.all([holds.release(signal), retireVersions(serving, ports, signal)])
  return { ...resultOf(applied), ...(revision === undefined ? {} : { revision }) }
}

function resultOf(objects: readonly { readonly object: KubernetesObject; readonly changed: boolean }[]): RollOutResult {
  const applied = objects.map(({ object: { kind, metadata }, changed }): AppliedObject => ({
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    changed,
  }))
  return { changed: applied.some(({ changed }) => changed), applied }
}
