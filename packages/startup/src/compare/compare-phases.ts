import type { Report } from '../report/report.ts'
import { phases, unattributed, type PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { HistoryEntry } from './history.ts'
import { judge, type Judgement } from './judge.ts'
import { mean, type Sample } from './sample.ts'

export interface PhaseComparison extends Judgement {
  readonly phase: PhaseId
}

/** Gives a phase's seconds in one arm. A pod that has no such phase spent no time in it. */
export type PhaseSamples = (phase: PhaseId) => Sample

/** A difference in a phase matters from this share of the whole start on: half a second of a minute. */
const shareOfStart = 0.01

/**
 * Each phase beside the baseline's, with the error shared among them.
 * @param thresholdShare of the baseline's phase
 * @param startSeconds the baseline's whole start
 */
export function comparePhases(
  candidate: PhaseSamples,
  baseline: PhaseSamples,
  thresholdShare: number,
  startSeconds: number,
): readonly PhaseComparison[] {
  const all = [...phases.map(({ id }) => id), unattributed]
  const pairs = all
    .map((phase) => ({ phase, ours: candidate(phase), theirs: baseline(phase) }))
    .filter(({ ours, theirs }) => [...ours.runs, ...theirs.runs].flat().some((seconds) => seconds > 0))
  return pairs.map(({ phase, ours, theirs }) => {
    const threshold = Math.max(thresholdShare * mean(theirs.runs.flat()), shareOfStart * startSeconds)
    return { phase, ...judge(ours, theirs, threshold, pairs.length) }
  })
}

/** The pods that became Ready, by run. */
export function podPhases(runs: readonly Report[]): PhaseSamples {
  const ready = runs.map(({ pods }) => pods.filter((pod) => pod.ready))
  return (phase) => {
    const precisions = ready.flat().flatMap(({ rows }) => rows.filter((row) => row.phase === phase).map(({ precisionMs }) => precisionMs))
    return {
      runs: ready.map((pods) => pods.map((pod) => phaseSeconds(pod, phase))),
      precisionSeconds: precisions.reduce((a, b) => Math.max(a, b), 0) / 1000,
    }
  }
}

/** Whole runs, each as one value: the mean over its pods. */
export function runPhases(runs: readonly Report[]): PhaseSamples {
  const ofPods = podPhases(runs)
  return (phase) => ({ runs: ofPods(phase).runs.map((values) => [mean(values)]) })
}

export function historyPhases(entries: readonly HistoryEntry[]): PhaseSamples {
  return (phase) => ({ runs: entries.map((entry) => [entry.phaseSeconds[phase] ?? 0]) })
}

/** All rows of the phase in one start. */
export function phaseSeconds({ rows }: Timeline, phase: PhaseId): number {
  return rows.reduce((sum, row) => (row.phase === phase ? sum + row.seconds : sum), 0)
}
