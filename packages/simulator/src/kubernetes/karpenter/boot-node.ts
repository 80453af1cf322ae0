import { versions } from '@prebake/versions'
import { region } from '../../aws/account.ts'
import { serverVersion } from '../api/discovery.ts'
import type { Cluster, Machine } from '../cluster.ts'
import { ownerReferenceTo } from '../controllers/sync-replica-sets.ts'
import { delayOf } from '../draws.ts'
import { messageForms } from '../form.ts'
import type { NodeClaim } from './objects.ts'
import type { Node } from '../objects.ts'
import { setCondition } from '../set-condition.ts'
import { toSeconds } from '../stamps.ts'
import type { Unstored } from '../store.ts'
import { formatResources } from './node-candidates.ts'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
const gpu = 'nvidia.com/gpu'

/** Registers a node's kubelet, makes it ready, and lets the device plugin report the GPU: each a step of its own, as a cluster shows them. */
export function bootNode(cluster: Cluster, { metadata }: NodeClaim, given: Machine): void {
  const { store, agenda, machines } = cluster
  const claim = store.get<NodeClaim>('NodeClaim', metadata.name)
  if (claim?.metadata.uid !== metadata.uid || claim.metadata.deletionTimestamp !== undefined) return
  const machine = withFreeAddress(cluster, given)
  const name = nodeName(machine.ip)
  machines.set(name, machine)
  const node = store.create<Node>(newNode(claim, name, machine.ip))
  setReadiness(cluster, node, false)

  agenda.after(delayOf(cluster, 'nodeReady', metadata.name), () => {
    setReadiness(cluster, node, true)
    agenda.after(delayOf(cluster, 'gpuAllocatable', metadata.name), () => {
      const count = claim.status.allocatable?.[gpu]
      if (count === undefined) return
      store.update(node, (draft) => {
        draft.status.capacity[gpu] = count
        draft.status.allocatable[gpu] = count
      })
    })
  })
}

export const nodeName = (ip: string): string => `ip-${ip.replaceAll('.', '-')}.${region}.compute.internal`

function withFreeAddress({ store }: Cluster, machine: Machine): Machine {
  const [a, b, c, last] = machine.ip.split('.').map(Number)
  let host = last ?? 10
  while (store.get('Node', nodeName(`${a}.${b}.${c}.${host}`))) host = host >= 250 ? 10 : host + 1
  return { ...machine, ip: `${a}.${b}.${c}.${host}` }
}

function newNode(claim: NodeClaim, name: string, ip: string): Unstored<Node> {
  const { allocatable = {}, providerID } = claim.status
  // The kubelet starts with no extended resources; they come when the device plugin registers.
  const resources = { ...allocatable, ...(allocatable[gpu] !== undefined && { [gpu]: '0' }) }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...claim.metadata.labels, 'kubernetes.io/hostname': name, 'karpenter.sh/registered': 'true' },
      ownerReferences: [{ ...ownerReferenceTo(claim), controller: false }],
    },
    spec: {
      ...(providerID !== undefined && { providerID }),
      taints: [...(claim.spec.taints ?? []), ...(claim.spec.startupTaints ?? []), notReady],
    },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [],
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: serverVersion,
        operatingSystem: 'linux',
        architecture: 'amd64',
        osImage: `Bottlerocket OS (aws-k8s-${versions.kubernetes}-nvidia)`,
      },
    },
  }
}

function setReadiness({ store, agenda }: Cluster, node: Node, ready: boolean): void {
  store.update(node, (draft) => {
    if (ready) draft.spec.taints = (draft.spec.taints ?? []).filter(({ key }) => key !== notReady.key)
    setCondition(draft.status.conditions, agenda.now(), {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason: ready ? 'KubeletReady' : 'KubeletNotReady',
      message: ready ? messageForms.kubeletReady : messageForms.kubeletNotReady,
    })
  })
}

/** The node of the managed node group on which Karpenter itself runs: no GPU, and small. `now` in milliseconds. */
export function systemNode(name: string, ip: string, now: number): Unstored<Node> {
  const resources = formatResources({ cpu: 1.93, memory: 7.1e9, 'nvidia.com/gpu': 0 })
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'eks.amazonaws.com/nodegroup': 'system',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm6i.large',
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': `${region}a`,
      },
    },
    spec: { providerID: `aws:///${region}a/i-0123456789abcdef0` },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: messageForms.kubeletReady, lastTransitionTime: toSeconds(now) },
      ],
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: serverVersion,
        operatingSystem: 'linux',
        architecture: 'amd64',
        osImage: `Bottlerocket OS (aws-k8s-${versions.kubernetes})`,
      },
    },
  }
}
