import { InputError, waitFor } from '@prebake/kernel'
import { applyOrder, type KubernetesObject, type Manifest, referenceTo, sameContent, titleOf } from '@prebake/manifests'
import { refusal, tryApply } from './check-cluster.ts'
import { lookAt } from './look-at.ts'
import { prove } from './prove/prove.ts'
import type { RollOutPorts, RollOutRequest, RollOutResult } from './roll-out-request.ts'
import { settleNamespaces } from './settle-namespaces.ts'

/**
 * Waits until somebody else (Argo CD, Flux, a person) has applied the manifests, and then until they are what serves. Changes nothing: whether an object says
 * what its manifest says is asked of the server, by a dry run of an apply.
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
  const manifests = applyOrder(await settleNamespaces(request.manifests, request.namespace, cluster, signal))

  const objects = await reporter.group('Wait until it is applied', () =>
    waitFor({
      awaited: 'the manifests to be applied',
      limitMs: remainingMs(),
      everyMs: 5000,
      clock,
      signal,
      onState: (state) => reporter.progress(state),
      hint: 'Let whoever applies them do so (Argo CD: is it synced to this commit?), or use `mode: apply`.',
      look: async () => {
        const seen: KubernetesObject[] = []
        const open: string[] = []
        for (const manifest of manifests) {
          const found = await lookFor(manifest, ports, signal)
          if (typeof found === 'string') open.push(found)
          else seen.push(found)
        }
        return open.length === 0 ? { value: seen } : { state: open.join('; ') }
      },
    }),
  )
  const revision = await reporter.group('Wait until it serves', () => prove(objects, remainingMs, ports, signal))
  const applied = objects.map(({ kind, metadata: { name, namespace } }) => ({ kind, name, namespace, changed: false }))
  return { changed: false, applied, ...(revision === undefined ? {} : { revision }) }
}

/** The object, where it says what the manifest says; else what it lacks. */
async function lookFor(manifest: Manifest, ports: RollOutPorts, signal: AbortSignal): Promise<KubernetesObject | string> {
  const { document } = manifest
  const title = titleOf(document)
  const seen = await lookAt(ports.cluster, referenceTo(document), signal)
  if ('outage' in seen) return seen.outage
  if (seen.object === undefined) return `${title} is not there yet`
  try {
    const after = await tryApply(document, true, ports, signal)
    // Where no dry run is possible, nobody can tell.
    return after === undefined || sameContent(seen.object, after) ? seen.object : `${title} differs from its manifest`
  } catch (error) {
    throw new InputError([refusal(manifest, error)])
  }
}
