import type { LogLine, Measurement, Observation, ObservedKind, ObservedObject } from '@prebake/startup'
import { playPod, type Stage } from '../../packages/startup/tests/play-pod.ts'
import { onNewNode, onOldNode } from '../../packages/startup/tests/scale-scripts.ts'
import type { SteppingClock } from '../../packages/startup/tests/stepping-clock.ts'

/** What a scale-up by so many pods shows to the watches, every second pod on a node of its own. */
export function drawMeasurement(pods: number): Measurement {
  const startMs = Date.UTC(2026, 0, 1, 12)
  const plan: { readonly atMs: number; readonly act: () => void }[] = []
  let nowMs = startMs
  const clock: SteppingClock = {
    now: () => new Date(nowMs),
    after: (ms, act) => void plan.push({ atMs: nowMs + ms, act }),
    sleep: () => Promise.resolve(),
  }
  const seen = new Set<string>()
  const observations: Observation[] = []
  const logs = new Map<string, readonly LogLine[]>()
  const stage: Stage = {
    logs,
    put(kind: ObservedKind, object: ObservedObject) {
      const type = seen.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED'
      seen.add(object.metadata.uid)
      observations.push({ type, kind, object, receivedAt: clock.now() })
    },
  }
  const names = Array.from({ length: pods }, (_, index) => `vllm-7d9f-p${index}`)
  for (const [index, name] of names.entries()) {
    nowMs = startMs + index
    playPod(name, index % 2 === 0 ? { ...onNewNode, newNode: `gpu-${index + 1}` } : onOldNode, stage, clock)
  }
  for (const { atMs, act } of plan.toSorted((a, b) => a.atMs - b.atMs)) {
    nowMs = atMs
    act()
  }
  return {
    deployment: 'vllm',
    namespace: 'default',
    from: 0,
    to: pods,
    image: 'vllm/vllm-openai:v0.11.0',
    scale: { sentAt: new Date(startMs - 20), answeredAt: new Date(startMs) },
    endedAt: new Date(nowMs + 1000),
    timedOut: false,
    pods: names,
    observations,
    logs: Object.fromEntries(logs),
  }
}
