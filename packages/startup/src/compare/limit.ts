import type { Report } from '../report/report.ts'
import { phases, unattributed, type PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { explainLimit } from './explain-limit.ts'
import { phaseSeconds } from './compare-phases.ts'

/** The phase that takes most of the start that all wait for. */
export interface Limit {
  readonly phase: PhaseId
  /** For people, as `phases` has it. */
  readonly meaning: string
  /** Why, from what was seen: a sentence without a full stop. */
  readonly cause?: string
  /** The next faster setting. */
  readonly next?: string
  readonly pod: string
  readonly seconds: number
  /** Of the pod's whole start, from 0 to 1. */
  readonly share: number
}

/** The pod that is Ready last: what it waits for, the scale-up waits for. */
export function slowestPod(pods: readonly Timeline[]): Timeline | undefined {
  return pods
    .filter((pod) => pod.ready)
    .reduce<Timeline | undefined>((a, b) => ((a?.readyAfterSeconds ?? -1) < (b.readyAfterSeconds ?? 0) ? b : a), undefined)
}

/** Undefined where no pod became Ready. */
export function findLimit(runs: readonly Report[]): Limit | undefined {
  const pod = slowestPod(runs.flatMap(({ pods }) => pods))
  if (pod === undefined) return undefined
  const [longest] = [...new Set(pod.rows.map(({ phase }) => phase))]
    .map((phase) => ({ phase, seconds: phaseSeconds(pod, phase) }))
    .toSorted((a, b) => b.seconds - a.seconds)
  if (longest === undefined) return undefined
  const meaning = meaningOf(longest.phase)
  const run = runs.find(({ pods }) => pods.includes(pod))
  const why = run && explainLimit(longest.phase, meaning, pod, longest.seconds, run.environment)
  return { ...longest, meaning, ...why, pod: pod.pod, share: longest.seconds / pod.wallSeconds }
}

export function meaningOf(phase: PhaseId): string {
  return phase === unattributed ? 'what no signal explains' : (phases.find(({ id }) => id === phase)?.meaning ?? phase)
}
