import { karpenterGroup, nodeClassGroup, nodeClassKind, nodePoolKind, type Manifest } from '@prebake/manifests'
import type { ClusterReader } from '../ports/cluster-reader.ts'
import { manifestsOf } from '../subject/located.ts'
import { nodeClassNameOf, nodePoolsOf, serves } from '../subject/node-pools.ts'
import { requestsOf } from '../subject/pod-resources.ts'
import { podTemplatesOf } from '../subject/pod-templates.ts'
import { noFacts, type OutsideFacts } from '../subject/subject.ts'
import { readEach, readObject, readObjects } from './read-facts.ts'

/** NodePools and NodeClasses that the manifests rely on but do not contain. */
export async function gatherNodes(
  manifests: readonly Manifest[],
  cluster: ClusterReader,
  signal: AbortSignal,
): Promise<Pick<OutsideFacts, 'nodePools' | 'nodeClass'>> {
  const onGpus = podTemplatesOf({ manifests }).filter((pod) => requestsOf(pod).gpus > 0)
  const lacking = onGpus.length > 0 && manifestsOf({ manifests }, karpenterGroup, 'NodePool').length === 0
  const nodePools = await readEach(lacking ? [''] : [], () => readObjects(cluster, 'NodePools', nodePoolKind, signal))
  const pools = nodePoolsOf({ manifests, facts: { ...noFacts, nodePools } }).filter(
    (pool) => !pool.live || onGpus.some(({ spec }) => serves(pool, spec)),
  )
  const given = manifestsOf({ manifests }, nodeClassGroup, 'EC2NodeClass').map(({ object }) => object.metadata.name)
  const named = pools.flatMap((pool) => nodeClassNameOf(pool) ?? []).filter((name) => !given.includes(name))
  const nodeClass = await readEach(named, (name) => readObject(cluster, `EC2NodeClass ${name}`, { ...nodeClassKind, name }, signal))
  return { nodePools, nodeClass }
}
