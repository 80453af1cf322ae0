import type { Report } from '../src/report/report.ts'
import { summarizePhases } from '../src/report/summarize-phases.ts'
import type { PhaseId } from '../src/timeline/phases.ts'
import type { Timeline, TimelineRow } from '../src/timeline/timeline.ts'
import { seededRandom } from './seeded-random.ts'

/** A start on a new node from a snapshot, in seconds. */
export const fromSnapshot: Readonly<Partial<Record<PhaseId, number>>> = {
  'scale.request': 0.04,
  'controller.create': 0.06,
  'karpenter.decide': 1.2,
  'nodeclaim.launch': 3.1,
  'ec2.boot': 21,
  'node.ready': 6.6,
  'gpu.allocatable': 9.2,
  'pod.bind': 0.3,
  'kubelet.accept': 0.2,
  sandbox: 3.4,
  image: 0.02,
  'container.create': 0.6,
  'python.import': 8.2,
  'api.config': 6.2,
  'engine.spawn': 3.7,
  'model.init': 0.6,
  'weights.read': 7.6,
  'weights.post': 0.6,
  compile: 6.4,
  'kv.profile': 1.9,
  'graphs.capture': 3,
  'engine.other': 1.2,
  'server.start': 1.6,
  'probe.slack': 2,
}

/** The same without it. */
export const fromRegistry: typeof fromSnapshot = Object.fromEntries(
  Object.entries(fromSnapshot).flatMap(
    ([phase, seconds]) =>
    phase === 'image' ? [[phase, 62]] : phase === 'weights.read' ? [['weights.download', 14], [phase, seconds]] : [[phase, seconds]], // prettier-ignore
  ),
)

export interface Drawing {
  readonly seed?: number
  readonly pods?: number
  /** Seconds of each phase, before its noise. */
  readonly phases?: Readonly<Partial<Record<PhaseId, number>>>
  /** Standard deviation of each phase, as a share of it. */
  readonly noise?: number
  /** Seconds from Ready to the first token; left out, it was not measured. */
  readonly firstToken?: number
  readonly run?: Partial<NonNullable<Report['run']>>
  readonly change?: (report: Report) => Report
}

/** One run with pods of that make. */
export function drawReport(drawing: Drawing = {}): Report {
  const { seed = 1, pods: count = 4, phases = fromSnapshot, noise = 0.05, firstToken = 0.9, run, change = (report) => report } = drawing
  const random = seededRandom(seed)
  const pods = Array.from({ length: count }, (_, index) => drawPod(`vllm-7d9f-${seed}x${index}`, phases, noise, firstToken, random))
  const ready = pods.map(({ readyAfterSeconds = 0 }) => readyAfterSeconds)
  return change({
    schema: 1,
    simulated: false,
    scaledAt: new Date(Date.UTC(2026, 10, 1 + seed, 12)).toISOString(),
    environment: {
      deployment: 'vllm',
      namespace: 'default',
      from: 1,
      to: 1 + count,
      image: 'vllm/vllm-openai:v0.33.0',
      model: '/mnt/models/mistral',
      vllmVersion: '0.33.0',
      instanceTypes: ['g5.2xlarge'],
      snapshotId: 'snap-0123456789abcdef0',
    },
    firstReadySeconds: Math.min(...ready),
    allReadySeconds: Math.max(...ready),
    podStartupSeconds: ready[0] ?? null,
    firstTokenSeconds: Math.max(...ready) + firstToken,
    ...(run !== undefined && {
      run: { arm: 'candidate', number: 1, mode: 'isolated', nodes: 'cold', nodesMade: 'Karpenter made them', ...run },
    }),
    phases: summarizePhases(pods),
    pods,
  })
}

function drawPod(
  pod: string,
  phases: NonNullable<Drawing['phases']>,
  noise: number,
  firstToken: number,
  random: ReturnType<typeof seededRandom>,
): Timeline {
  let endMs = 0
  const rows = (Object.entries(phases) as [PhaseId, number][]).map(([phase, seconds]): TimelineRow => {
    const startMs = endMs
    endMs += Math.round(1000 * seconds * Math.max(0.1, 1 + noise * random.normal()))
    const ofNode = /^(sandbox|image|container|kubelet)/.test(phase)
    return {
      phase,
      ...(phase === 'kv.profile' && { inferred: true }),
      startMs,
      endMs,
      seconds: (endMs - startMs) / 1000,
      clock: ofNode ? 'control plane → node' : 'node',
      source: ofNode ? 'event Scheduled (name) → event Pulled (name)' : 'log: Loading weights took → log: Model loading took',
      precisionMs: phase === 'probe.slack' ? 1000 : 0.001,
    }
  })
  const readySeconds = endMs / 1000
  return {
    pod,
    node: `ip-10-0-${Math.floor(random.next() * 200)}-17.us-west-2.compute.internal`,
    instanceType: 'g5.2xlarge',
    newNode: true,
    cacheHit: (phases.image ?? 0) < 1,
    compileCache: 'hit',
    startedAt: '2026-11-02T12:00:00.250Z',
    rows,
    wallSeconds: readySeconds,
    ready: true,
    readyAfterSeconds: readySeconds,
    startupSeconds: readySeconds - 0.1,
    lastPhase: 'probe.slack',
    lastSeen: undefined,
    firstToken: {
      coldSeconds: firstToken,
      warmSeconds: firstToken / 6,
      afterScaleSeconds: readySeconds + firstToken,
      afterContainerStartSeconds: 43 + firstToken,
      model: 'mistral',
    },
    dropped: [],
  }
}
