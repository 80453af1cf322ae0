import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from './start-world.ts'

const claimsPath = '/apis/karpenter.sh/v1/nodeclaims'

interface NodeClaim extends ApiObject {
  readonly status?: { readonly nodeName?: string }
}
interface Pod extends ApiObject {
  readonly spec: { readonly nodeName?: string }
}

/** Ends the nodes that no vLLM runs on, so that the next pod needs a new one. @throws Error when they are there after two minutes */
export async function removeIdleNodes({ plane: { api } }: World): Promise<void> {
  for (let looks = 0; looks < 240; looks++) {
    const pods = await api.list<Pod>('/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm')
    const used = new Set(pods.map(({ spec }) => spec.nodeName))
    const idle = (await api.list<NodeClaim>(claimsPath)).filter(({ status }) => !used.has(status?.nodeName))
    if (idle.length === 0) return
    for (const { metadata } of idle) if (metadata.deletionTimestamp === undefined) await api.remove(`${claimsPath}/${metadata.name}`)
    await sleep(500)
  }
  throw new Error('Remove idle nodes: they are still there after two minutes.')
}
