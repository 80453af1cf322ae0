import { InputError, waitFor } from '@prebake/kernel'
import { applyOrder, referenceTo, sameContent, titleOf, type KubernetesObject, type Manifest } from '@prebake/manifests'
import type { RolloutErrorCode } from './error-codes.ts'
import { observeObject } from './observe/observe-object.ts'
import { endLostPauses, pausesOn } from './pause/end-lost-pauses.ts'
import { defaultNamespaces } from './plan/default-namespaces.ts'
import { dryRun, refusalOf } from './plan/dry-run.ts'
import type { RollOutPorts, RollOutRequest, RollOutResult } from './roll-out-request.ts'
import { waitUntilServing } from './wait/wait-until-serving.ts'

/**
 * Waits until another client (Argo CD, Flux, a person) has applied the manifests, and then until they are what serves. Changes nothing but pauses that lost
 * rollouts have left: the server decides whether an object is what its manifest says, in a dry run of an apply.
 * @throws InputError when a document is refused; TimeoutError naming the objects that differ; as `rollOut` after that.
 */
export async function verifyRollout(
  request: Pick<RollOutRequest, 'manifests' | 'namespace' | 'timeoutMs'>,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<RollOutResult> {
  const { cluster, clock, reporter } = ports
  const deadline = clock.now().getTime() + request.timeoutMs
  const remainingMs = () => Math.max(0, deadline - clock.now().getTime())
  reporter.info(`Kubernetes ${await cluster.version(signal)} at ${cluster.address}`)
  const endPauses = () => endLostPauses(ports, signal, pausesOn(request.manifests, request.namespace, ''))
  await endPauses()
  const manifests = applyOrder(await defaultNamespaces(request.manifests, request.namespace, cluster, signal))

  const objects = await reporter.group('Wait until it is applied', () =>
    waitFor({
      awaited: 'the manifests to be applied',
      limitMs: remainingMs(),
      everyMs: 5000,
      clock,
      signal,
      onState: (state) => reporter.progress(state),
      code: 'manifests-not-applied' satisfies RolloutErrorCode,
      hint: 'Make sure that they are applied (Argo CD: is it synced to this commit?), or use `mode: apply`.',
      poll: async () => {
        const applied: KubernetesObject[] = []
        const open: string[] = []
        for (const manifest of manifests) {
          const found = await findApplied(manifest, ports, signal)
          if (typeof found === 'string') open.push(found)
          else applied.push(found)
        }
        return open.length === 0 ? { value: applied } : { state: open.join('; ') }
      },
    }),
  )
  const served = await reporter.group('Wait until it serves', () => waitUntilServing(objects, remainingMs, ports, signal))
  await endPauses()
  const applied = objects.map(({ kind, metadata: { name, namespace } }) => ({ kind, name, namespace, changed: false }))
  return { changed: false, applied, ...served }
}

/** The object, where it is what the manifest says; else what is missing. */
async function findApplied(manifest: Manifest, ports: RollOutPorts, signal: AbortSignal): Promise<KubernetesObject | string> {
  const { document } = manifest
  const title = titleOf(document)
  const observed = await observeObject(ports.cluster, referenceTo(document), signal)
  if ('outage' in observed) return observed.outage
  if (observed.object === undefined) return `${title} is not there yet`
  try {
    const after = await dryRun(document, true, ports, signal)
    // Where no dry run is possible, the difference is not visible.
    return after === undefined || sameContent(observed.object, after) ? observed.object : `${title} differs from its manifest`
  } catch (error) {
    throw new InputError([refusalOf(manifest, error)])
  }
}
