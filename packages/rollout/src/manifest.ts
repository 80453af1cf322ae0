import type { KubernetesObject, ObjectReference } from './ports/cluster.ts'

/** One document of a manifest file, filled in. */
export interface Manifest {
  readonly document: KubernetesObject
  /** As it was given, relative to the workspace. */
  readonly file: string
  /** Where the document begins, from 1. */
  readonly line: number
}

/** `deploy/vllm/nodepool.yaml:3`. */
export function placeOf({ file, line }: Manifest): string {
  return `${file}:${line}`
}

/** `Deployment default/vllm`, `NodePool vllm`. */
export function titleOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
}

/** Equal for two documents that are the same object to the API server, which serves one object in all versions of its group. */
export function identityOf({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return [group, kind, namespace ?? '', name].join('/')
}

export function referenceTo({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}
