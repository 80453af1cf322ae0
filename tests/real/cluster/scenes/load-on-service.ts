import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, ApiObject } from '../parts/api.ts'

interface EndpointSlice extends ApiObject {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean }
    readonly targetRef?: { readonly name?: string }
  }[]
}

export interface Load {
  /** Requests so far. */
  readonly sent: () => number
  /** Why requests failed: no one to answer, or a pod that is not of the live Deployment. */
  readonly failures: readonly string[]
  stop(): Promise<void>
}

/** A request every 50 ms to each pod that a Service leads to at that moment, as kube-proxy would choose among the ready endpoints. */
export function loadOn(service: string, deployment: string, api: Api): Load {
  const end = new AbortController()
  const failures: string[] = []
  let sent = 0
  const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${service}`
  const own = new RegExp(`^${deployment}-[0-9a-z]+-[0-9a-z]+$`)
  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      const slices = await api.list<EndpointSlice>(path)
      const ready = slices.flatMap(({ endpoints = [] }) => endpoints.filter(({ conditions }) => conditions?.ready !== false))
      sent += 1
      if (ready.length === 0) failures.push('no endpoint')
      for (const { targetRef } of ready) if (!own.test(targetRef?.name ?? '')) failures.push(`answered by ${targetRef?.name}`)
      await sleep(50, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    sent: () => sent,
    failures,
    async stop() {
      end.abort()
      await running
    },
  }
}
