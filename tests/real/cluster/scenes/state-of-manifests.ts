import type { Api, ApiObject } from '../parts/api.ts'

/** An object of deploy/vllm as its users have it: without what controllers and the API server write down, at a time of their own. */
export interface Stated {
  readonly kind: string
  readonly name: string
  readonly uid: string | undefined
  readonly labels: object | undefined
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: unknown
}

const places = {
  EC2NodeClass: '/apis/karpenter.k8s.aws/v1/ec2nodeclasses',
  NodePool: '/apis/karpenter.sh/v1/nodepools',
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  Service: '/api/v1/namespaces/default/services',
} as const

/** What Karpenter and the Deployment controller keep in annotations: hashes of the spec, and the number of the newest revision. */
const controllers = /^(karpenter\.sh|karpenter\.k8s\.aws|deployment\.kubernetes\.io)\//

/** Every object of the kinds that a rollout applies. */
export async function stateOfManifests(api: Api): Promise<readonly Stated[]> {
  const states: Stated[] = []
  for (const [kind, path] of Object.entries(places)) {
    for (const { metadata, spec } of await api.list<ApiObject>(path)) {
      const { name, uid, labels } = metadata
      const annotations = Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !controllers.test(key)))
      states.push({ kind, name, uid, labels, annotations, spec })
    }
  }
  return states
}
