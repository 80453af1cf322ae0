import { versions } from '@prebake/versions'
import { region } from '../../aws/account.ts'
import { serverVersion } from '../api/discovery.ts'
import { messageForms } from '../form.ts'
import type { Node } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import type { Unstored } from '../store.ts'
import { formatResources } from './node-candidates.ts'

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
