import type { KubernetesObject } from '@prebake/manifests'
import type { ClusterReader } from '../src/index.ts'

/** A cluster in memory that knows these kinds (true: with namespaces), and can only be read. */
export function memoryReader(kinds: Readonly<Record<string, boolean>>): ClusterReader & { add(object: KubernetesObject): void } {
  const objects: KubernetesObject[] = []
  return {
    address: 'https://cluster.test',
    version: () => Promise.resolve('v1.36.3'),
    discover: (_apiVersion, kind) => Promise.resolve(kind in kinds ? { namespaced: kinds[kind] === true } : undefined),
    get: ({ kind, name, namespace }) =>
      Promise.resolve(
        objects.find((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace),
      ),
    list: ({ kind, namespace }) =>
      Promise.resolve(
        objects.filter((object) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace)),
      ),
    add: (object) => void objects.push(object),
  }
}
