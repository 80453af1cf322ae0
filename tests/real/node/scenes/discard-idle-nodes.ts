import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from '../world/start-world.ts'

interface Placed extends ApiObject {
  readonly spec: { readonly nodeName?: string }
}
interface Claim extends ApiObject {
  readonly status?: { readonly nodeName?: string }
}

/** Has Karpenter take away every node on which no pod is, so that the next pod needs a new one. @throws Error after five minutes */
export async function discardIdleNodes({ plane: { api } }: World): Promise<void> {
  for (let looks = 0; looks < 600; looks++) {
    const pods = await api.list<Placed>('/api/v1/pods')
    const used = new Set(pods.map(({ spec }) => spec.nodeName))
    const claims = await api.list<Claim>('/apis/karpenter.sh/v1/nodeclaims')
    const idle = claims.filter(({ status }) => !used.has(status?.nodeName ?? ''))
    if (idle.length === 0 && pods.every(({ metadata }) => metadata.deletionTimestamp === undefined)) return
    // A vLLM that starts hears no signal until its grace is over.
    for (const { metadata } of pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined))
      await api.remove(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}?gracePeriodSeconds=0`)
    for (const { metadata } of idle.filter((claim) => claim.metadata.deletionTimestamp === undefined))
      await api.remove(`/apis/karpenter.sh/v1/nodeclaims/${metadata.name}`)
    await sleep(500)
  }
  throw new Error('Discard idle nodes: after five minutes some are still there.')
}
