import { reachable } from '../nodes/start-kubelets.ts'
import type { Api } from '../parts/api.ts'

/** One node that kwok plays, with room for 600 pods. */
export async function createWideNode(api: Api): Promise<void> {
  const room = { cpu: '5000', memory: '5000Gi', pods: '600' }
  await api.create('/api/v1/nodes', {
    metadata: { name: 'wide', labels: { 'kubernetes.io/hostname': 'wide' }, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
    status: { capacity: room, allocatable: room, ...reachable },
  })
}

/** A Deployment `vllm` of one replica that any node takes. */
export async function deployOnWideNode(api: Api): Promise<void> {
  const labels = { app: 'vllm' }
  const container = { name: 'vllm', image: 'docker.io/vllm/vllm-openai:v0.33.0', ports: [{ name: 'http', containerPort: 8000 }] }
  await api.create('/apis/apps/v1/namespaces/default/deployments', {
    metadata: { name: 'vllm' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  })
}
