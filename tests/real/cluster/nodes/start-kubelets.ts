import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, ApiObject } from '../parts/api.ts'

/** What the machines of launched NodeClaims do: they boot, and their kubelets register. kwok then plays their pods. */
export interface Kubelets {
  /** Where each node's pods must not fare otherwise than its instance: the EC2 instance of a node. */
  instanceOf(node: ApiObject): string
  /** A machine that is gone: its kubelet is silent, and the cloud's node controller takes the Node away. */
  lose(node: string): Promise<void>
  stop(): Promise<void>
}

interface NodeClaim extends ApiObject {
  readonly spec: { readonly taints?: readonly object[]; readonly startupTaints?: readonly object[] }
  readonly status?: {
    readonly providerID?: string
    readonly capacity?: Readonly<Record<string, string>>
    readonly allocatable?: Readonly<Record<string, string>>
  }
}

const managed = 'kwok.x-k8s.io/node'

/** Looks for launched NodeClaims four times a second and registers a Node for each, as its kubelet would. */
export function startKubelets(api: Api): Kubelets {
  const end = new AbortController()
  const registered = new Set<string>()

  async function look(): Promise<void> {
    for (const claim of await api.list<NodeClaim>('/apis/karpenter.sh/v1/nodeclaims')) {
      const providerID = claim.status?.providerID
      if (providerID === undefined || providerID === '' || registered.has(providerID) || claim.metadata.deletionTimestamp !== undefined)
        continue
      registered.add(providerID)
      await api.create('/api/v1/nodes', nodeOf(claim, providerID))
    }
  }
  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      // The API server may be starting, or ending with the test.
      await look().catch((error: unknown) => {
        if (!end.signal.aborted) console.error(`Register nodes: ${String(error)}`)
      })
      await sleep(250, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    instanceOf: (node) => /[^/]+$/.exec((node.spec as { providerID: string }).providerID)?.[0] ?? '',
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
    async stop() {
      end.abort()
      await running
    },
  }
}

function nodeOf({ metadata, spec, status = {} }: NodeClaim, providerID: string): object {
  const name = /[^/]+$/.exec(providerID)?.[0] ?? ''
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
    status: { capacity: status.capacity, allocatable: status.allocatable },
  }
}
