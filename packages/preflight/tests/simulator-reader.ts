import type { KubernetesObject } from '@prebake/manifests'
import type { Simulator } from '@prebake/simulator'
import type { ClusterReader } from '../src/index.ts'

const clusterWide = ['Namespace', 'NodePool', 'EC2NodeClass', 'CustomResourceDefinition']
const pluralOf = (kind: string) => `${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`

/** The simulator's cluster by plain requests, and what a user does to it with kubectl. */
export function simulatorReader({ endpoints, kubeconfig }: Simulator) {
  const [, token = ''] = /token: (\S+)/.exec(kubeconfig) ?? []
  const send = async (path: string, method = 'GET', type = 'application/json', body?: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    const answer = await fetch(`${endpoints.kubernetes}${path}`, { method, headers, ...(body !== undefined && { body }) })
    if (answer.status === 404) return undefined
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as unknown
  }
  const pathOf = ({
    apiVersion,
    kind,
    namespace,
  }: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace?: string | undefined
  }) =>
    `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${pluralOf(kind)}`
  return {
    address: endpoints.kubernetes,
    version: () => Promise.resolve('v1.36.3'),
    discover: async (apiVersion, kind) => {
      const known = (await send(`/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`)) as
        { resources: { kind: string }[] } | undefined
      return known?.resources.some((resource) => resource.kind === kind) ? { namespaced: !clusterWide.includes(kind) } : undefined
    },
    get: async (reference) => (await send(`${pathOf(reference)}/${reference.name}`)) as KubernetesObject | undefined,
    list: async (query) => {
      const list = (await send(pathOf(query))) as { items: KubernetesObject[] } | undefined
      return list?.items ?? []
    },
    apply: async (object: KubernetesObject) => {
      const path = `${pathOf(object)}/${object.metadata.name}?fieldManager=kubectl`
      await send(path, 'PATCH', 'application/apply-patch+yaml', JSON.stringify(object))
    },
    mergePatch: async (path: string, name: string, patch: string) => {
      await send(`${path}/${name}`, 'PATCH', 'application/merge-patch+json', patch)
    },
  } satisfies ClusterReader & Record<string, unknown>
}
