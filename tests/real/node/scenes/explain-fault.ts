import { setTimeout as sleep } from 'node:timers/promises'
import { connectCluster } from '../../../../packages/kubernetes/src/index.ts'
import type { KubernetesObject } from '../../../../packages/manifests/src/index.ts'
import { blameSnapshot } from '../../../../packages/rollout/src/explain/blame-snapshot.ts'
import { explainFailure } from '../../../../packages/rollout/src/explain/explain-failure.ts'
import type { SnapshotFault } from '../../../../packages/rollout/src/explain/snapshot-fault.ts'
import { deployment } from '../../../../packages/rollout/src/workload/deployment.ts'
import type { BakeRecord } from '../../../../packages/snapshot-record/src/index.ts'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from '../world/start-world.ts'
import type { Fault, PodSpec } from './faults.ts'

export interface Explained {
  /** What the product says of the pods, a line each. */
  readonly lines: readonly string[]
  readonly blamed: SnapshotFault['cause'] | undefined
}

/** What is on record of the snapshot, as far as it matters here. */
export type Baked = Pick<BakeRecord, 'modelPath' | 'images'>

interface Deployment extends ApiObject {
  readonly spec: { readonly template: { readonly spec: PodSpec } }
}

const deployments = '/apis/apps/v1/namespaces/default/deployments'

/** Runs the fault's pod on a node beside what serves there, until the product explains it as wanted, for four minutes at the most. */
export async function explainFault(world: World, node: string, fault: Fault, baked: Baked): Promise<Explained> {
  const { api } = world.plane
  const shipped = await api.get<Deployment>(`${deployments}/vllm`)
  const spec = structuredClone(shipped?.spec.template.spec)
  if (spec === undefined) throw new Error('Run a fault: there is no Deployment vllm.')
  const place = copyModels(world, node, fault, baked.modelPath ?? '')
  alter(spec, node, place)
  fault.change?.(spec, place)
  const { name } = fault
  await api.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { fault: name } }, template: { metadata: { labels: { fault: name } }, spec } },
  })
  try {
    let explained = await explain(world, name, { ...baked, modelPath: place.modelPath })
    const end = Date.now() + 240_000
    const isAsWanted = () => explained.lines.some((line) => fault.explained.test(line)) && explained.blamed === fault.blamed
    while (!isAsWanted() && Date.now() < end) {
      await sleep(1000)
      explained = await explain(world, name, { ...baked, modelPath: place.modelPath })
    }
    return explained
  } finally {
    await api.remove(`${deployments}/${name}`)
  }
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

/** Beside the pod that serves there: with its models, and without asking for the only GPU. */
function alter(spec: PodSpec, node: string, { folder }: { readonly folder: string }): void {
  spec.nodeSelector = { ...spec.nodeSelector, 'kubernetes.io/hostname': node }
  spec.containers[0].resources = {}
  spec.terminationGracePeriodSeconds = 1
  for (const { hostPath } of spec.volumes) if (hostPath?.path === '/mnt/models') hostPath.path = folder
}

async function explain({ plane }: World, name: string, baked: Baked): Promise<Explained> {
  const signal = AbortSignal.timeout(60_000)
  const { cluster } = await connectCluster({ kubeconfig: plane.kubeconfig })
  const workload = (await plane.api.get(`${deployments}/${name}`)) as KubernetesObject | undefined
  if (workload === undefined) throw new Error(`Explain ${name}: there is no such Deployment.`)
  const lines = await explainFailure(workload, deployment, [], { cluster }, signal)
  const { ours } = await deployment.podsOf(workload, cluster, signal)
  const snapshots = {
    region: 'us-west-2',
    describe: async (snapshotId: string) => ({ ...described, snapshotId, baked: baked as BakeRecord }),
  }
  const fault = await blameSnapshot(ours, { cluster, snapshots }, signal)
  return { lines, blamed: fault?.cause }
}

const described = {
  region: 'us-west-2',
  state: 'completed',
  progress: 100,
  volumeSizeGiB: 40,
  encrypted: false,
  keyState: { value: undefined },
  fastRestoreZones: { value: [] },
} as const
