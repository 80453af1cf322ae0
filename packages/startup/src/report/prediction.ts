import type { PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { median } from './median.ts'
import type { Report } from './report.ts'

/** Seconds as a model has them. */
export interface PredictedSeconds {
  readonly best: number
  readonly expected: number
  readonly worst: number
}

/** Phases of the model, with those of the timeline that each stands for. */
const measuredPhases = {
  schedule: ['karpenter.decide'],
  node: ['nodeclaim.launch', 'ec2.boot', 'node.ready', 'gpu.allocatable'],
  sandbox: ['pod.bind', 'kubelet.accept', 'sandbox', 'init', 'container.create'],
  image: ['image'],
  import: ['python.import', 'api.config', 'engine.spawn'],
  weights: ['model.init', 'model.load', 'weights.download', 'weights.read', 'weights.post'],
  compile: ['compile'],
  profile: ['kv.profile', 'kernels.warmup'],
  graphs: ['graphs.capture'],
  server: ['engine.other', 'server.start'],
  probe: ['probe.slack'],
} as const satisfies Readonly<Record<string, readonly PhaseId[]>>
export type PredictedPhaseId = keyof typeof measuredPhases

/** What a model says of the candidate's start, before it is held to what was measured. */
export interface PredictedStart {
  /** The setting in words. */
  readonly setting: string
  readonly instanceType: string
  /** Pod created → Ready. */
  readonly podSeconds: PredictedSeconds
  /** The last of all new pods. */
  readonly allSeconds: PredictedSeconds
  readonly phases: readonly { readonly id: PredictedPhaseId; readonly seconds: PredictedSeconds; readonly limit: string }[]
  /** What it was told of the CPU, and what this measurement says of it; left out where no phase shows it. */
  readonly cpuFactor: { readonly assumed: number; readonly learned?: number }
  /** What was not known and is taken as usual, a sentence each. */
  readonly assumed: readonly string[]
}

/** A predicted figure beside the measured one. */
export interface HeldPrediction {
  readonly predicted: PredictedSeconds
  readonly measured: number
  /** Predicted less measured, as a share of the measured. */
  readonly error: number
}

/** A prediction beside the measurement, or why there is none: one sentence without a full stop. */
export type Prediction = ComparedPrediction | { readonly notPredicted: string }

export interface ComparedPrediction extends Omit<PredictedStart, 'podSeconds' | 'allSeconds' | 'phases'> {
  /** Pod created → Ready, the median of the pods. */
  readonly pod: HeldPrediction
  /** Scale request → the last pod Ready. */
  readonly all: HeldPrediction
  /** Medians. A phase that no signal showed has none: what it took is in its neighbours or unattributed. */
  readonly phases: readonly {
    readonly id: PredictedPhaseId
    readonly predicted: PredictedSeconds
    readonly limit: string
    readonly measured?: number
  }[]
}

/** Holds a prediction to the runs that it is about. */
export function holdPrediction(predicted: PredictedStart, runs: readonly Report[]): Prediction {
  const ready = runs.flatMap(({ pods }) => pods.filter((pod) => pod.ready))
  const pod = median(ready.flatMap(({ startupSeconds }) => startupSeconds ?? []))
  const all = median(runs.flatMap(({ allReadySeconds }) => allReadySeconds ?? []))
  if (pod === undefined || all === undefined) return { notPredicted: 'not all pods became Ready, so there is nothing to hold it to' }
  const { podSeconds, allSeconds, phases, ...rest } = predicted
  return {
    ...rest,
    pod: held(podSeconds, pod),
    all: held(allSeconds, all),
    phases: phases.map(({ id, seconds, limit }) => {
      const measured = measuredSeconds(ready, id)
      return { id, predicted: seconds, limit, ...(measured !== undefined && { measured }) }
    }),
  }
}

const held = (predicted: PredictedSeconds, measured: number): HeldPrediction => ({
  predicted,
  measured,
  error: (predicted.expected - measured) / measured,
})

/** Median over the pods that have one of its phases. */
export function measuredSeconds(pods: readonly Timeline[], id: PredictedPhaseId): number | undefined {
  const wanted: readonly PhaseId[] = measuredPhases[id]
  return median(
    pods.flatMap(({ rows }) => {
      const own = rows.filter(({ phase }) => wanted.includes(phase))
      return own.length === 0 ? [] : [own.reduce((sum, { seconds }) => sum + seconds, 0)]
    }),
  )
}

/** From this share on, or beyond its own range, a prediction is off by so much that it is said at once. */
const muchShare = 0.25

export function isFarOff({ predicted, measured, error }: HeldPrediction): boolean {
  return Math.abs(error) > muchShare || measured < predicted.best || measured > predicted.worst
}
