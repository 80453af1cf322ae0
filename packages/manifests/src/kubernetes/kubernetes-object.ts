/** Which fields a manager wrote (meta/v1 ManagedFieldsEntry). */
export interface ManagedFields {
  readonly manager?: string
  /** `Apply` or `Update`. */
  readonly operation?: string
  readonly subresource?: string
  readonly time?: string
  /** FieldsV1: `{ 'f:spec': { 'f:replicas': {} } }`. */
  readonly fieldsV1?: object
}

/** Any object of the Kubernetes API: as a manifest writes it, or as the API server returns it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly generation?: number
    readonly creationTimestamp?: string
    /** Set while the object is being deleted and its finalizers run. */
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly {
      readonly kind: string
      readonly name: string
      readonly uid: string
      readonly controller?: boolean
    }[]
    readonly managedFields?: readonly ManagedFields[]
  }
  readonly [field: string]: unknown
}

export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  /** Left out for cluster-scoped kinds. */
  readonly namespace?: string
}

/** `Deployment default/vllm`, `NodePool vllm`. */
export function titleOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
}

/** `karpenter.sh` of `karpenter.sh/v1`; empty for the core group. */
export function groupOf({ apiVersion }: Pick<KubernetesObject, 'apiVersion'>): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}

/** Equal for two documents that are the same object to the API server, which serves one object in all versions of its group. */
export function identityOf(object: KubernetesObject): string {
  const { kind, metadata } = object
  return [groupOf(object), kind, metadata.namespace ?? '', metadata.name].join('/')
}

export function referenceTo({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}
