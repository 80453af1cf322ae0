import { isNodeClass, type KubernetesObject } from '@prebake/manifests'
import { applyPlanned, type Applied } from './apply/apply-planned.ts'
import { needsPause } from './apply/needs-pause.ts'
import { endLostPauses, pausesOn } from './pause/end-lost-pauses.ts'
import { endPauses } from './pause/end-pauses.ts'
import { findServedBefore } from './plan/find-served-before.ts'
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

  if (!request.dryRun) await endLostPauses(ports, signal, pausesOn(request.manifests, request.namespace, request.run))
  const found = await reporter.group('Check every document against the cluster', () => planRollout(request, ports, signal))
  if (request.dryRun) {
    reportPlan(found, reporter)
    return {
      ...resultOf(found.map(({ manifest, changes }) => ({ object: manifest.document, changed: changes }))),
      unproven: [],
    }
  }

  const planned = await findServedBefore(found, ports, signal)
  const { run, force, rollback } = request
  const applied: Applied[] = []
  let served: Served
  if (planned.some((each) => (each.changes && each.before !== undefined) || needsPause(each, planned)))
    ports.journal?.save({ run, force, rollback, planned })
  try {
    const options = { run, force, remainingMs, onApplied: (one: Applied) => applied.push(one) }
    await reporter.group('Apply', () => applyPlanned(planned, options, ports, signal))
    // NodeClasses were waited for before anything was switched to them.
    const [nodeClasses, objects] = [true, false].map((wanted) =>
      applied.flatMap(({ object }) => (isNodeClass(object) === wanted ? [object] : [])),
    )
    await releaseStuckPods(objects ?? [], ports, signal)
    served = await reporter.group('Wait until it serves', () => waitUntilServing(objects ?? [], remainingMs, ports, signal, nodeClasses))
  } catch (error) {
    const seen = planned.map((each) => ({
      ...each,
      after: applied.find(({ manifest }) => manifest === each.manifest)?.object ?? each.after,
    }))
    const ended = await handleFailure(error, seen, request, ports, signal)
    throw await judgeSnapshots(error, ended, planned, run, ports, signal)
  }
  const serving = applied.map(({ object }) => object)
  // Neither needs the other, and the person who watches waits for both.
  const [paused] = await Promise.all([
    endPauses(planned, { run, preferred: 'after' }, ports, signal),
    pruneNodeClasses(serving, ports, signal),
  ])
  if (paused.length === 0) ports.journal?.clear()
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
