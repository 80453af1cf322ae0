import type { DeploymentState, LogLine, ObservedKind, ObservedObject, Observation, Workload } from '../src/ports/workload.ts'
import { playPod, type PodScript, type Stage } from './play-pod.ts'
import type { SteppingClock } from './stepping-clock.ts'

export interface InMemoryWorkload extends Workload, Stage {
  /** Every call of `scale`. */
  readonly scaled: number[]
  remove(kind: ObservedKind, object: ObservedObject): void
}

/** One Deployment `vllm`; its new pods start as scripted, the rest are Ready after a second. */
export function inMemoryWorkload(clock: SteppingClock, scripts: readonly PodScript[], replicas = 0): InMemoryWorkload {
  const objects = new Map<string, { kind: ObservedKind; object: ObservedObject }>()
  const listeners = new Set<(observation: Observation) => void>()
  const scaled: number[] = []
  const logs = new Map<string, readonly LogLine[]>()
  const annotations: Record<string, string> = {}
  let version = 1
  let wanted = 0
  let born = 0

  const isReady = ({ object }: { readonly object: ObservedObject }) =>
    (object['status'] as { conditions?: { type: string; status: string }[] } | undefined)?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ) ?? false
  const pods = () => [...objects.values()].filter(({ kind }) => kind === 'Pod')

  const workload: InMemoryWorkload = {
    scaled,
    logs,
    put(kind, object) {
      const type = objects.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED'
      objects.set(object.metadata.uid, { kind, object })
      for (const listener of listeners) listener({ type, kind, object, receivedAt: clock.now() })
    },
    remove(kind, object) {
      objects.delete(object.metadata.uid)
      for (const listener of listeners) listener({ type: 'DELETED', kind, object, receivedAt: clock.now() })
    },
    async deployment(name): Promise<DeploymentState | undefined> {
      if (name !== 'vllm') return undefined
      return {
        replicas: wanted,
        readyReplicas: pods().filter(isReady).length,
        podSelector: 'app=vllm',
        image: 'vllm/vllm-openai:v0.11.0',
        paused: false,
        annotations: { ...annotations },
        resourceVersion: String(version),
      }
    },
    async annotate(_name, _namespace, { annotations: given, resourceVersion }) {
      if (resourceVersion !== String(version)) return false
      version += 1
      for (const [key, value] of Object.entries(given)) {
        if (value === null) delete annotations[key]
        else annotations[key] = value
      }
      return true
    },
    scalers: async () => ({ names: [], unread: [] }),
    async scale(_name, _namespace, count) {
      scaled.push(count)
      version += 1
      wanted = count
      for (const { object } of pods().slice(count)) workload.remove('Pod', object)
      for (let there = pods().length; there < count; there++) {
        const script = scripts[born - replicas]
        playPod(`vllm-7d9f-p${born}`, born++ < replicas || script === undefined ? { steps: { Ready: 1 } } : script, workload, clock)
      }
    },
    async *watch({ kind }, signal) {
      const queue: Observation[] = [...objects.values()]
        .filter((each) => each.kind === kind)
        .map(({ object }) => ({ type: 'ADDED', kind, object, receivedAt: clock.now() }))
      let wake = () => {}
      const listener = (observation: Observation) => {
        if (observation.kind === kind) queue.push(observation)
        wake()
      }
      listeners.add(listener)
      signal.addEventListener('abort', () => wake())
      while (!signal.aborted) {
        const next = queue.shift()
        if (next !== undefined) yield next
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      listeners.delete(listener)
    },
    log: async (pod) => ({ lines: logs.get(pod) ?? [], truncated: false }),
  }
  return workload
}
