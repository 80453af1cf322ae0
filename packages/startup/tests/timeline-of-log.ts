import type { LogLine, ObservedObject } from '../src/ports/workload.ts'
import { buildTimelines } from '../src/timeline/build-timelines.ts'
import type { Timeline } from '../src/timeline/timeline.ts'
import { timestampMs } from '../src/timestamp.ts'

const second = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')

export interface LogSpanOfTime {
  readonly firstMs: number
  readonly lastMs: number
}

/** The time that a log covers. */
export function coveredBy(lines: readonly LogLine[]): LogSpanOfTime {
  const times = lines.map(({ time }) => timestampMs(time))
  return { firstMs: Math.min(...times), lastMs: Math.max(...times) }
}

/** The timeline of one pod of which nothing is known but its container's start, its log and, unless it is stuck, when it was Ready. */
export function timelineOf(lines: readonly LogLine[], stuck: boolean): Timeline {
  const { firstMs, lastMs } = coveredBy(lines)
  const startedMs = Math.floor(firstMs / 1000) * 1000 - 2000
  const readyMs = Math.ceil(lastMs / 1000) * 1000 + 2000
  const endedAt = new Date(stuck ? lastMs + 600_000 : readyMs + 1000)
  const object: ObservedObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'vllm-0', namespace: 'default', uid: 'u-1', creationTimestamp: second(startedMs - 8000) },
    spec: { containers: [{ name: 'vllm', resources: { limits: { 'nvidia.com/gpu': '1' } } }] },
    status: {
      startTime: second(startedMs - 3000),
      conditions: stuck ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: second(readyMs) }],
      containerStatuses: [{ name: 'vllm', restartCount: 0, state: { running: { startedAt: second(startedMs) } } }],
    },
  }
  const [timeline] = buildTimelines({
    deployment: 'vllm',
    namespace: 'default',
    from: 0,
    to: 1,
    image: 'vllm/vllm-openai',
    scale: { sentAt: new Date(startedMs - 9000), answeredAt: new Date(startedMs - 8900) },
    endedAt,
    timedOut: stuck,
    pods: ['vllm-0'],
    observations: [{ type: 'ADDED', kind: 'Pod', object, receivedAt: endedAt }],
    logs: { 'vllm-0': lines },
  })
  if (timeline === undefined) throw new Error('There is no timeline.')
  return timeline
}

/** Seconds of each phase, of what lies within the time that the log covers. */
export function phaseSeconds({ rows, startedAt }: Timeline, { firstMs, lastMs }: LogSpanOfTime): Readonly<Record<string, number>> {
  const zeroMs = Date.parse(startedAt)
  const sums: Record<string, number> = {}
  for (const { phase, startMs, endMs } of rows) {
    const covered = Math.min(zeroMs + endMs, lastMs) - Math.max(zeroMs + startMs, firstMs)
    if (covered > 0) sums[phase] = (sums[phase] ?? 0) + covered / 1000
  }
  return sums
}
