import { isNodeClass, type KubernetesObject } from '@prebake/manifests'
import { applyPlanned, type Applied } from './apply/apply-planned.ts'
import { createDriftPauses } from './pause/drift-pauses.ts'
import { planRollout, reportPlan } from './plan/plan-rollout.ts'
import { pruneNodeClasses } from './prune-node-classes.ts'
import { handleFailure } from './roll-back/handle-failure.ts'
import { judgeSnapshots } from './roll-back/reject-snapshots.ts'
import { releaseStuckPods } from './roll-back/release-stuck-pods.ts'
import type { RollOutPorts, RollOutRequest, RollOutResult, Served } from './roll-out-request.ts'
import { waitUntilServing } from './wait/wait-until-serving.ts'

/**
 * Applies what differs and waits until the manifests' version is the one that serves; rolls back to what served before when it does not.
 * @throws InputError when a document is refused (nothing has then been applied); SupersededError when another client deploys at the same time;
 *   FailedRollout, which says whether what was before serves again; any other error while nothing was applied yet.
 */
export async function rollOut(request: RollOutRequest, ports: RollOutPorts, signal: AbortSignal): Promise<RollOutResult> {
  const { clock, reporter } = ports
  const deadline = clock.now().getTime() + request.timeoutMs
  const remainingMs = () => Math.max(0, deadline - clock.now().getTime())

  const planned = await reporter.group('Check every document against the cluster', () => planRollout(request, ports, signal))
  if (request.dryRun) {
    reportPlan(planned, reporter)
    return {
      ...resultOf(planned.map(({ manifest, changes }) => ({ object: manifest.document, changed: changes }))),
      unproven: [],
    }
  }

  const pauses = createDriftPauses(request.run, ports)
  const applied: Applied[] = []
  let served: Served
  try {
    const options = { force: request.force, pauses, remainingMs, onApplied: (one: Applied) => applied.push(one) }
    await reporter.group('Apply', () => applyPlanned(planned, options, ports, signal))
    // NodeClasses were waited for before anything was switched to them.
    const [nodeClasses, objects] = [true, false].map((wanted) =>
      applied.flatMap(({ object }) => (isNodeClass(object) === wanted ? [object] : [])),
    )
    await releaseStuckPods(objects ?? [], ports, signal)
    served = await reporter.group('Wait until it serves', () => waitUntilServing(objects ?? [], remainingMs, ports, signal, nodeClasses))
  } catch (error) {
    const ended = await handleFailure(error, applied, pauses, request, ports, signal)
    throw await judgeSnapshots(error, ended, applied, request.run, ports, signal)
  }
  const serving = applied.map(({ object }) => object)
  // Neither needs the other, and the person who watches waits for both.
  await Promise.all([pauses.resume(signal), pruneNodeClasses(serving, ports, signal)])
  return { ...resultOf(applied), ...served }
}

function resultOf(
  objects: readonly { readonly object: KubernetesObject; readonly changed: boolean }[],
): Pick<RollOutResult, 'changed' | 'applied'> {
  const applied = objects.map(({ object: { kind, metadata }, changed }) => ({
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    changed,
  }))
  return { changed: applied.some(({ changed }) => changed), applied }
}
