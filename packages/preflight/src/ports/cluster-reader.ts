import type { KubernetesObject, ObjectReference } from '@prebake/manifests'

export interface ObjectQuery {
  readonly apiVersion: string
  readonly kind: string
  /** Left out: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string
  /** `app=vllm`. */
  readonly labelSelector?: string
}

/** What a cluster is asked without changing it. */
export interface ClusterReader {
  /** The API server's address, for messages. */
  readonly address: string
  /** Kubernetes version, `v1.36.3`. @throws PrebakeError when the cluster cannot be reached, with what to do. */
  version(signal: AbortSignal): Promise<string>
  /** Whether the API server knows the kind, and whether it has namespaces. Undefined: unknown kind. */
  discover(apiVersion: string, kind: string, signal: AbortSignal): Promise<{ readonly namespaced: boolean } | undefined>
  get(reference: ObjectReference, signal: AbortSignal): Promise<KubernetesObject | undefined>
  list(query: ObjectQuery, signal: AbortSignal): Promise<readonly KubernetesObject[]>
}
