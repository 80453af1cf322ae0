import type { Api, ApiObject } from '../../tests/real/cluster/parts/api.ts'
import { now } from './contestants.ts'

export interface ReadyPod {
  readonly name: string
  /** What its template selects nodes by. */
  readonly nodeSelector: string
  /** When this process saw it, in milliseconds since 1970. */
  readonly seenAt: number
  /** `lastTransitionTime`, which has whole seconds, in milliseconds since 1970. */
  readonly stampedAt: number
}

interface Pod extends ApiObject {
  readonly spec: { readonly nodeSelector?: object }
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime: string }[]
  }
}

/** Every pod of the namespace that became Ready, with when that was seen first; until `signal` aborts. */
export function watchReady(api: Api, signal: AbortSignal): readonly ReadyPod[] {
  const ready = new Map<string, ReadyPod>()
  const pods: ReadyPod[] = []
  const onChange = (_: unknown, object: ApiObject) => {
    const { metadata, spec, status } = object as Pod
    const condition = status.conditions?.find((each) => each.type === 'Ready' && each.status === 'True')
    if (condition === undefined || ready.has(metadata.name)) return
    const nodeSelector = JSON.stringify(spec.nodeSelector)
    const pod = { name: metadata.name, nodeSelector, seenAt: now(), stampedAt: Date.parse(condition.lastTransitionTime) }
    ready.set(pod.name, pod)
    pods.push(pod)
  }
  api.watch('/api/v1/namespaces/default/pods', onChange, signal).catch((error: unknown) => {
    console.error(`bench rollout: ${String(error)}`)
    process.exitCode = 1
  })
  return pods
}
