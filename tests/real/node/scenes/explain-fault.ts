import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from '../world/start-world.ts'
import type { Fault, PodSpec } from './faults.ts'
import { findCause, type Baked, type Explanation } from './find-cause.ts'
import type { VllmPod } from './kubelet.ts'

interface Deployment extends ApiObject {
  readonly spec: { readonly template: { readonly spec: PodSpec } }
}

const deployments = '/apis/apps/v1/namespaces/default/deployments'

/** Runs the fault's pod on a node beside what serves there, until the product has explained it, for ten minutes at the most. */
export async function explainFault(world: World, node: string, fault: Fault, baked: Baked): Promise<Explanation> {
  const { api } = world.plane
  const { name } = fault
  const place =
    fault.whileRunning === undefined
      ? copyModels(world, node, fault, baked.modelPath ?? '')
      : { folder: '/mnt/models', modelPath: baked.modelPath ?? '' }
  const spec = await shippedPod(world, place.folder, fault.whileRunning === undefined ? node : undefined)
  fault.change?.(spec, place)
  await api.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { fault: name } }, template: { metadata: { labels: { fault: name } }, spec } },
  })
  try {
    if (fault.whileRunning !== undefined) await onNodeOf(world, name, fault.whileRunning)
    return await findCause(world, name, fault.cause, { ...baked, modelPath: place.modelPath })
  } finally {
    await api.remove(`${deployments}/${name}`)
  }
}

/** Runs a script on the node on which a Deployment's pod runs. @throws Error when none runs within ten minutes */
async function onNodeOf({ plane, nodes }: World, name: string, script: string): Promise<void> {
  for (let looks = 0; looks < 1200; looks++) {
    const [pod] = await plane.api.list<VllmPod>(`/api/v1/namespaces/default/pods?labelSelector=fault%3D${name}`)
    if (pod?.status.containerStatuses?.[0]?.state.running !== undefined) {
      nodes.machines.get(pod.spec.nodeName)?.enter('bash', '-uc', script)
      return
    }
    await sleep(500)
  }
  throw new Error(`Run a script beside ${name}: after ten minutes its pod does not run.`)
}

/** The shipped Deployment's pod. With a node: bound to it, beside what serves there, with models of its own and without asking for the only GPU. */
async function shippedPod({ plane }: World, models: string, node: string | undefined): Promise<PodSpec> {
  const shipped = await plane.api.get<Deployment>(`${deployments}/vllm`)
  const spec = structuredClone(shipped?.spec.template.spec)
  if (spec === undefined) throw new Error('Run a fault: there is no Deployment vllm.')
  spec.terminationGracePeriodSeconds = 1
  if (node === undefined) return spec
  spec.nodeSelector = { ...spec.nodeSelector, 'kubernetes.io/hostname': node }
  spec.containers[0].resources = {}
  for (const { hostPath } of spec.volumes) if (hostPath?.path === '/mnt/models') hostPath.path = models
  return spec
}

/** The pod's models are a copy on the node's volume, which the fault may break. */
function copyModels({ nodes }: World, node: string, { name, onNode = ':' }: Fault, modelPath: string) {
  const folder = `/mnt/faults/${name}`
  const ours = modelPath.replace('/mnt/models', folder)
  const script = `mkdir -p /mnt/faults; cp -a /mnt/models ${folder}; MODELS=${folder} MODEL=${ours}; ${onNode}`
  const { code, output } = nodes.machines.get(node)?.enter('bash', '-euc', script) ?? { code: 1, output: 'there is no such machine' }
  if (code !== 0) throw new Error(`Prepare ${name} on ${node}: ${output}`)
  return { folder, modelPath: ours }
}
