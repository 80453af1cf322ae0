import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from './kubernetes/kubernetes-object.ts'

/** What the API server and the controllers write by themselves. */
export const bookkeeping: ReadonlySet<string> = new Set(['managedFields', 'resourceVersion', 'generation'])

/** Whether two states of an object say the same: spec, labels, annotations and all else but its status and the server's bookkeeping. */
export function sameContent(one: KubernetesObject, other: KubernetesObject): boolean {
  return isDeepStrictEqual(content(one), content(other))
}

function content({ metadata, ...rest }: KubernetesObject): unknown {
  const kept = Object.entries(metadata).filter(([name]) => !bookkeeping.has(name))
  return { ...rest, status: undefined, metadata: Object.fromEntries(kept) }
}
