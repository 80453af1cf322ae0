import {
  fieldsOf,
  groupOf,
  isFields,
  listAt,
  nodeClaimKind,
  nodeClassOf,
  nodePoolKind,
  referenceTo,
  textAt,
  titleOf,
  type Fields,
  type KubernetesObject,
} from '@prebake/manifests'
import { nodePoolLabel } from '../observe/karpenter-names.ts'
import { listReadable } from '../observe/list-readable.ts'
import { staleness } from '../observe/node-origins.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { isFor, needsGpu, usesGpu } from '../workload/pools-for.ts'
import type { AppliedNodes } from './judge-nodes.ts'

/**
 * What no status of a workload tells: containers whose readiness says nothing, kinds that are only applied, NodeClasses that NodePools outside the
 * manifests use, and that no workload among them shows what serves on the new nodes.
 */
export async function findUnproven(
  objects: readonly KubernetesObject[],
  nodes: AppliedNodes,
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const workloads = objects.filter((object) => findWorkloadKind(object) !== undefined)
  const others = objects.filter((object) => findWorkloadKind(object) === undefined && runsGpuPods(object))
  return [
    ...workloads.flatMap(unprobed),
    ...others.map((object) => `${titleOf(object)}: pods of this kind are not waited for`),
    ...(await foreignPools(nodes, cluster, signal)),
    ...(nodes.nodeClasses.length + nodes.nodePools.length > 0 && !workloads.some((object) => serves(object, nodes)) && others.length === 0
      ? ['No Deployment, StatefulSet or other workload that runs on these nodes is among the manifests: what serves was not checked']
      : []),
  ]
}

const serves = (object: KubernetesObject, { nodePools }: AppliedNodes): boolean =>
  isFor(findWorkloadKind(object)?.podSpecs(object) ?? [], nodePools) || isModelServer(object)

/** KServe asks for the GPU in a ServingRuntime where its manifest names a model. */
const isModelServer = (object: KubernetesObject): boolean => isFields(fieldsOf(fieldsOf(object['spec'])['predictor'])['model'])

/** Kubernetes counts a container without probes as ready as soon as its process has started: long before vLLM has loaded its model. */
function unprobed(object: KubernetesObject): readonly string[] {
  const specs = findWorkloadKind(object)?.podSpecs(object) ?? []
  const names = specs.flatMap((spec) => listAt(spec, 'containers').filter((container) => usesGpu(container) && !isProbed(container)))
  return names.map((container) => {
    const name = textAt(container, 'name') ?? ''
    return `${titleOf(object)}: container ${name} has neither readinessProbe nor startupProbe, so that Ready means only that its process has started`
  })
}

const isProbed = (container: unknown): boolean =>
  isFields(fieldsOf(container)['readinessProbe']) || isFields(fieldsOf(container)['startupProbe'])

/** Kinds whose pods come and go, and serve nothing. */
const passing = ['Job', 'CronJob']

function runsGpuPods(object: KubernetesObject): boolean {
  return !passing.includes(object.kind) && groupOf(object) !== 'karpenter.sh' && podSpecsIn(object['spec']).some(needsGpu)
}

/** Every pod spec inside a value, wherever a kind keeps it. */
function podSpecsIn(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(podSpecsIn)
  if (!isFields(value)) return []
  const nested = Object.values(value).flatMap(podSpecsIn)
  return Array.isArray(value['containers']) ? [value, ...nested] : nested
}

/** NodePools that refer to these NodeClasses and are not among the manifests: nothing pauses their drift, and nobody waits for their nodes. */
async function foreignPools(
  { nodePools, nodeClasses }: AppliedNodes,
  cluster: RollOutPorts['cluster'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (nodeClasses.length === 0) return []
  const pools = await listReadable(cluster, nodePoolKind, signal)
  if ('unreadable' in pools) return [pools.unreadable.reason]
  const own = new Set(nodePools.map(({ metadata }) => metadata.name))
  const lines: string[] = []
  for (const pool of pools.items) {
    const nodeClass = nodeClasses.find(({ metadata }) => metadata.name === nodeClassOf(pool))
    if (nodeClass === undefined || own.has(pool.metadata.name)) continue
    const claims = await listReadable(cluster, { ...nodeClaimKind, labelSelector: `${nodePoolLabel}=${pool.metadata.name}` }, signal)
    const live = (await cluster.get(referenceTo(nodeClass), signal)) ?? nodeClass
    const items = 'items' in claims ? claims.items : []
    const stale = items.filter((claim) => staleness(claim, [{ applied: nodeClass, live }]) !== undefined)
    const state =
      stale.length === 0
        ? 'not held'
        : `${stale.length} of its ${items.length} nodes are of an earlier content, and their drift is not held`
    lines.push(
      `${titleOf(pool)} refers to ${titleOf(nodeClass)} and is not among the manifests: ${state}; Karpenter replaces its nodes by its own budgets`,
    )
  }
  return lines
}
