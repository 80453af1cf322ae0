import { isDeepStrictEqual } from 'node:util'
import { formatLabelSelector, readField, type KubernetesObject, type LabelSelector } from '@prebake/manifests'
import type { ObjectQuery } from '@prebake/preflight'
import type { Cluster } from '../ports/cluster.ts'
import type { WorkloadPods } from '../workload/workload-kind.ts'
import { listReadable, type Unreadable } from './list-readable.ts'

type Labels = Readonly<Record<string, string>>
interface Template {
  readonly metadata?: { readonly labels?: Labels }
  readonly spec?: { readonly nodeSelector?: Labels }
}

const templateHash = 'pod-template-hash'

/**
 * The pods of a Deployment, and which of them are of its present template: those of the ReplicaSet that has it, found as the Deployment's controller
 * does, by comparing templates. Old pods may crash or, evicted in the middle of a rollout, wait for nodes that never come; that says nothing about the
 * new ones.
 */
export async function podsOfTemplate(
  deployment: KubernetesObject,
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<WorkloadPods> {
  const spec = deployment['spec'] as { readonly selector?: LabelSelector; readonly template?: Template } | undefined
  const { namespace } = deployment.metadata
  const query = { ...(namespace === undefined ? {} : { namespace }), labelSelector: formatLabelSelector(spec?.selector ?? {}) }
  const [listed, { isOurs, guessed }] = await Promise.all([
    listReadable(cluster, { apiVersion: 'v1', kind: 'Pod', ...query }, signal),
    findOwnership(deployment, spec?.template ?? {}, query, cluster, signal),
  ])
  if ('unreadable' in listed) return { pods: undefined, ours: [], unreadable: listed.unreadable, guessed: undefined }
  return { pods: listed.items, ours: listed.items.filter(isOurs), unreadable: undefined, guessed }
}

async function findOwnership(
  { metadata: { uid } }: KubernetesObject,
  template: Template,
  query: Omit<ObjectQuery, 'apiVersion' | 'kind'>,
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<{ readonly isOurs: (pod: KubernetesObject) => boolean; readonly guessed: Unreadable | undefined }> {
  const sets = await listReadable(cluster, { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...query }, signal)
  if ('unreadable' in sets) {
    // The next best: the node selector, which a NodePool's switch changes in every template.
    const wanted = template.spec?.nodeSelector ?? {}
    return { isOurs: (pod) => isDeepStrictEqual(readField(pod, 'spec.nodeSelector') ?? {}, wanted), guessed: sets.unreadable }
  }
  const current = sets.items.find(
    (set) =>
      set.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true &&
      isDeepStrictEqual(withoutHash((set['spec'] as { readonly template?: Template }).template), withoutHash(template)),
  )
  const hash = current?.metadata.labels?.[templateHash]
  return { isOurs: (pod) => hash !== undefined && pod.metadata.labels?.[templateHash] === hash, guessed: undefined }
}

/** A ReplicaSet's template as its Deployment has it. */
export function withoutHash(template: Template = {}): Template {
  const { [templateHash]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}
