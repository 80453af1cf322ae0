import fc from 'fast-check'
import type { Measurement } from '../src/measure/measurement.ts'
import type { LogLine, ObservedKind, ObservedObject, Observation } from '../src/ports/workload.ts'
import type { PhaseId } from '../src/timeline/phases.ts'

/** The moments of a start, in the order in which they happen. */
export const moments = [
  'answered',
  'created',
  'nominated',
  'launched',
  'registered',
  'nodeReady',
  'scheduled',
  'accepted',
  'pulling',
  'pulled',
  'started',
  'firstLine',
  'served',
  'ready',
] as const
type Moment = (typeof moments)[number]

/** Which two moments a phase lies between. */
export const between: Readonly<Partial<Record<PhaseId, readonly [Moment | 'sent', Moment]>>> = {
  'scale.request': ['sent', 'answered'],
  'controller.create': ['answered', 'created'],
  'karpenter.decide': ['created', 'nominated'],
  image: ['pulling', 'pulled'],
  'container.create': ['pulled', 'started'],
  'python.import': ['started', 'firstLine'],
  'probe.slack': ['served', 'ready'],
}

const startMs = Date.parse('2026-01-01T12:00:00.123Z')
const skewMs = fc.integer({ min: -5000, max: 5000 })

/** A start on a new node as it was, and what can go wrong with the signals of it. */
export const drawnStart = fc.record({
  /** Each moment after the one before it, in milliseconds; the first is the round trip of the scale request. */
  gapsMs: fc.tuple(fc.integer({ min: 2, max: 40 }), ...moments.slice(1).map(() => fc.integer({ min: 60, max: 40_000 }))),
  skews: fc.record({ controlPlane: skewMs, node: skewMs }),
  /** How long each piece of news takes. */
  lagsMs: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 40, maxLength: 40 }),
  dropped: fc.subarray(['SuccessfulCreate', 'Nominated', 'Pulling', 'Pulled', 'Started', 'Scheduled']),
  /** Events whose news comes seconds late. */
  late: fc.subarray(['SuccessfulCreate', 'Nominated', 'Pulling', 'Pulled', 'Scheduled']),
  logCut: fc.boolean(),
  unwatched: fc.subarray<ObservedKind>(['Node', 'NodeClaim']),
  resumed: fc.boolean(),
  end: fc.constantFrom('ready', 'pod replaced', 'node lost'),
})
export type DrawnStart = typeof drawnStart extends fc.Arbitrary<infer T> ? T : never

export interface PlayedStart {
  readonly measurement: Measurement
  /** When each moment really was, on the runner's clock. */
  readonly truth: Readonly<Record<Moment | 'sent', number>>
}

const eventsOf = { cp: ['SuccessfulCreate', 'Nominated', 'Scheduled'], node: ['Pulling', 'Pulled', 'Started'] } as const

/** Whether enough news of a clock comes in time to tell its skew. */
export function showsSkew({ dropped, late }: Pick<DrawnStart, 'dropped' | 'late'>, clock: keyof typeof eventsOf): boolean {
  const lost: readonly string[] = [...dropped, ...late]
  return eventsOf[clock].filter((reason) => !lost.includes(reason)).length >= 2
}

/** What a runner sees of it. */
export function playStart({ gapsMs, skews, lagsMs, dropped, late, logCut, unwatched, resumed, end }: DrawnStart): PlayedStart {
  let atMs = startMs
  const times = Object.fromEntries(moments.map((moment, index) => [moment, (atMs += gapsMs[index] ?? 0)])) as Record<Moment, number>
  const truth = { sent: startMs, ...times }
  const observations: Observation[] = []
  let news = 0
  const see = (kind: ObservedKind, realMs: number, object: object, extraMs = 0, type: Observation['type'] = 'MODIFIED') => {
    if (unwatched.includes(kind)) return
    const receivedAt = new Date(realMs + (lagsMs[news++ % lagsMs.length] ?? 1) + extraMs)
    observations.push({ type, kind, object: structuredClone(object) as ObservedObject, receivedAt })
  }
  const clockMs = { cp: (ms: number) => ms - skews.controlPlane, node: (ms: number) => ms - skews.node }
  const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
  const metadata = (name: string, ms: number) => ({
    name,
    uid: `uid-${name}`,
    namespace: 'default',
    creationTimestamp: second(ms),
    labels: {},
  })

  const event = (
    reason: string,
    realMs: number,
    clock: 'cp' | 'node',
    message: string,
    involved: object = { kind: 'Pod', name: 'p', uid: 'uid-p' },
  ) => {
    if (dropped.includes(reason)) return
    const ms = clockMs[clock](realMs)
    const name = `p.${(BigInt(Math.round(ms)) * 1_000_000n).toString(16)}`
    const source = clock === 'node' ? { component: 'kubelet', host: 'gpu-1' } : { component: 'controller' }
    const object = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { ...metadata(name, ms), uid: reason },
      involvedObject: involved,
      reason,
      message,
      source,
      firstTimestamp: second(ms),
    }
    see('Event', realMs, object, late.includes(reason) ? 1000 + 700 * news : 0, 'ADDED')
  }
  const conditions: object[] = []
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('p', clockMs.cp(times.created)),
    spec: { containers: [{ name: 'vllm' }] } as { nodeName?: string; containers: object[] },
    status: { conditions, containerStatuses: [] as object[] } as Record<string, unknown>,
  }
  const claim = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: metadata('c', clockMs.cp(times.nominated)),
    status: { conditions: [] as object[], nodeName: 'gpu-1' },
  }
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata('gpu-1', clockMs.cp(times.registered)),
    status: { conditions: [] as object[] },
  }
  const condition = (type: string, ms: number) => ({ type, status: 'True', lastTransitionTime: second(ms) })

  event('SuccessfulCreate', times.created, 'cp', 'Created pod: p', { kind: 'ReplicaSet', name: 'rs', uid: 'uid-rs' })
  see('Pod', times.created, pod, 0, 'ADDED')
  event('Nominated', times.nominated, 'cp', 'Pod should schedule on: nodeclaim/c')
  claim.status.conditions.push(condition('Launched', clockMs.cp(times.launched)))
  see('NodeClaim', times.launched, claim, 0, 'ADDED')
  claim.status.conditions.push(condition('Registered', clockMs.cp(times.registered)))
  see('NodeClaim', times.registered, claim)
  node.status.conditions.push(condition('Ready', clockMs.node(times.nodeReady)))
  see('Node', times.nodeReady, node, 0, 'ADDED')
  event('Scheduled', times.scheduled, 'cp', 'Successfully assigned default/p to gpu-1')
  pod.spec.nodeName = 'gpu-1'
  see('Pod', times.scheduled, pod)
  pod.status['startTime'] = second(clockMs.node(times.accepted))
  see('Pod', times.accepted, pod)
  const container = { kind: 'Pod', name: 'p', uid: 'uid-p', fieldPath: 'spec.containers{vllm}' }
  event('Pulling', times.pulling, 'node', 'Pulling image "x"', container)
  event('Pulled', times.pulled, 'node', 'Successfully pulled image "x"', container)
  event('Started', times.started, 'node', 'Started container vllm', container)
  pod.status['containerStatuses'] = [
    { name: 'vllm', restartCount: 0, state: { running: { startedAt: second(clockMs.node(times.started)) } } },
  ]
  see('Pod', times.started, pod)
  // A watch that broke is resumed: what happened meanwhile is seen at once, a second time.
  if (resumed) see('Pod', times.started + 4000, pod)
  if (end === 'ready') {
    conditions.push(condition('Ready', clockMs.node(times.ready)))
    see('Pod', times.ready, pod)
  } else {
    see('Pod', times.ready, pod, 0, 'DELETED')
    if (end === 'node lost') see('Node', times.ready, node, 0, 'DELETED')
  }
  const line = (realMs: number, text: string): LogLine => ({
    time: new Date(clockMs.node(realMs)).toISOString().replace('Z', '000000Z'),
    text,
  })
  const log = [
    line(times.firstLine, 'INFO 01-01 12:00:08 [__init__.py:216] Automatically detected platform cuda.'),
    ...(logCut ? [] : [line(times.served, '(APIServer pid=1) INFO:     Application startup complete.')]),
  ]
  const names = { deployment: 'vllm', namespace: 'default', from: 0, to: 1, image: 'x' }
  const scale = { sentAt: new Date(startMs), answeredAt: new Date(times.answered) }
  const endedAt = new Date(times.ready + 500)
  const measurement = {
    ...names,
    scale,
    endedAt,
    timedOut: end !== 'ready',
    pods: ['p'],
    observations,
    logs: { p: end === 'ready' ? log : [] },
  }
  return { measurement, truth }
}
