import { nodeClassKind, specOf, textAt, type KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '@prebake/rollout'

export interface NodeSettings {
  /** IAM role of the nodes, where all EC2NodeClasses have the same. */
  readonly nodeRole: string | undefined
  /** Value of the tag `karpenter.sh/discovery` by which they find their subnets. */
  readonly clusterName: string | undefined
}

/** What the cluster's EC2NodeClasses agree on. Nothing where there are none, or Karpenter is not installed: the rehearsal of the rollout says that. */
export async function findNodeSettings(cluster: Pick<Cluster, 'list' | 'discover'>, signal: AbortSignal): Promise<NodeSettings> {
  const known = await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)
  const nodeClasses = known === undefined ? [] : await cluster.list(nodeClassKind, signal)
  return { nodeRole: only(nodeClasses.map(roleOf)), clusterName: only(nodeClasses.map(discoveryOf)) }
}

const roleOf = (nodeClass: KubernetesObject): string | undefined => textAt(specOf(nodeClass), 'role')

function discoveryOf(nodeClass: KubernetesObject): string | undefined {
  const { subnetSelectorTerms = [] } = specOf(nodeClass) as {
    readonly subnetSelectorTerms?: readonly { readonly tags?: Readonly<Record<string, string>> }[]
  }
  return only(subnetSelectorTerms.map(({ tags }) => tags?.['karpenter.sh/discovery']))
}

/** The one value that is there; undefined for none, and for several. */
function only(values: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(values.filter((value) => value !== undefined && value !== '' && value !== '*'))
  return distinct.size === 1 ? [...distinct][0] : undefined
}
