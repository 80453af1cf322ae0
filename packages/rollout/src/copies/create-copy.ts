import { isNodePool, type IsolatedCopy, type KubernetesObject } from '@prebake/manifests'
import { applyPlanned, type Applied } from '../apply/apply-planned.ts'
import { planRollout } from '../plan/plan-rollout.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

export interface CopyRequest {
  readonly copy: IsolatedCopy
  readonly run: string
  /** Until Karpenter has accepted NodeClass and NodePool. */
  readonly timeoutMs: number
}

/**
 * Applies an isolated copy, after preflight and dry runs of all its documents. It does not wait for pods.
 * @throws InputError when a document is refused (nothing has then been applied), TimeoutError when the NodeClass does not become Ready
 */
export async function createCopy({ copy, run, timeoutMs }: CopyRequest, ports: RollOutPorts, signal: AbortSignal): Promise<void> {
  const { clock, reporter } = ports
  const deadline = clock.now().getTime() + timeoutMs
  const { namespace } = copy.deployment
  const request = { manifests: copy.manifests, namespace, timeoutMs, force: false, dryRun: false, rollback: false, run }
  const planned = await planRollout(request, ports, signal)
  const remainingMs = () => Math.max(0, deadline - clock.now().getTime())
  const applied = await applyPlanned(planned, { run, force: false, remainingMs, onApplied: () => undefined }, ports, signal)
  await tieToNodePool(applied, ports, signal)
  if (copy.leftOut.length > 0) reporter.info(`Not copied, because it acts on what serves: ${copy.leftOut.join(', ')}`)
}

/** ConfigMaps and Secrets become dependents of the NodePool, so that they go with it: the role needs no right to list or delete them. */
async function tieToNodePool(applied: readonly Applied[], { cluster }: RollOutPorts, signal: AbortSignal): Promise<void> {
  const nodePool = applied.find(({ object }) => isNodePool(object))?.object
  if (nodePool?.metadata.uid === undefined) return
  const { apiVersion, kind } = nodePool
  const { name, uid } = nodePool.metadata
  for (const { manifest } of applied.filter(({ object }) => ['ConfigMap', 'Secret'].includes(object.kind))) {
    const { document } = manifest
    const owner = { apiVersion, kind, name, uid }
    const owned: KubernetesObject = { ...document, metadata: { ...document.metadata, ownerReferences: [owner] } }
    await cluster.apply(owned, { dryRun: false, force: false }, signal)
  }
}
