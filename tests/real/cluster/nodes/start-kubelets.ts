import type { Api, ApiObject } from '../parts/api.ts'
import { kubeletPort } from '../parts/flags.ts'
import { instanceOf, watchClaims, type NodeClaim } from './watch-claims.ts'

/** What the machines of launched NodeClaims do: they boot, and their kubelets register. */
export interface Kubelets {
  /** Where each node's pods must not fare otherwise than its instance: the EC2 instance of a node. */
  instanceOf(node: ApiObject): string
  /** A machine that is gone: its kubelet is silent, and the cloud's node controller takes the Node away. */
  lose(node: string): Promise<void>
  stop(): Promise<void>
}

const managed = 'kwok.x-k8s.io/node'

/** As a kubelet registers, before any pod: the API server reaches its pods by these. */
export const reachable = {
  addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
  daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
}

/** Registers a Node for each launched NodeClaim, as its kubelet would. kwok then plays its pods. */
export function startKubelets(api: Api): Kubelets {
  const claims = watchClaims(api, async (claim, providerId) => void (await api.create('/api/v1/nodes', nodeOf(claim, providerId))))
  return {
    instanceOf: (node) => instanceOf((node.spec as { providerID: string }).providerID),
    async lose(node) {
      const path = `/api/v1/nodes/${node}`
      await api.patch(path, { metadata: { annotations: { [managed]: null } } })
      const lastTransitionTime = new Date().toISOString()
      const ready = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
      await api.patch(`${path}/status`, {
        status: { conditions: [{ ...ready, lastTransitionTime, lastHeartbeatTime: lastTransitionTime }] },
      })
      await api.remove(path)
    },
    stop: () => claims.stop(),
  }
}

function nodeOf({ metadata, spec, status = {} }: NodeClaim, providerID: string): object {
  const name = instanceOf(providerID)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...metadata.labels, 'kubernetes.io/hostname': name },
      annotations: { [managed]: 'fake' },
    },
    spec: {
      providerID,
      // Karpenter takes the last one off when it has made the Node its own.
      taints: [...(spec.taints ?? []), ...(spec.startupTaints ?? []), { key: 'karpenter.sh/unregistered', effect: 'NoExecute' }],
    },
    status: { capacity: status.capacity, allocatable: status.allocatable, ...reachable },
  }
}
