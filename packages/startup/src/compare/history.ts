import type { Report } from '../report/report.ts'
import type { PhaseId } from '../timeline/phases.ts'
import { conditionsOf, type Conditions } from './environment-differences.ts'
import { commonMetric, metricByRun } from './headline.ts'
import { mean } from './sample.ts'

/** One run of the default branch, as far as later runs compare themselves with it. */
export interface HistoryEntry {
  /** ISO 8601, of the scale request. */
  readonly at: string
  /** Commit that was measured. */
  readonly sha?: string
  /** Page of the workflow run. */
  readonly runUrl?: string
  readonly conditions: Conditions
  /** Scale request to Ready, mean over the pods. */
  readonly readySeconds: number
  /** Scale request to the first token, mean over the pods; left out where not every pod's was measured. */
  readonly firstTokenSeconds?: number
  /** Mean over the pods. */
  readonly phaseSeconds: Readonly<Partial<Record<PhaseId, number>>>
}

/** So many runs are kept: the noise of a start changes with what it runs on. */
export const keptEntries = 30

/** Undefined for a run that no later one may be compared with: disturbed, or not all pods Ready. */
export function historyEntry(report: Report, source: Pick<HistoryEntry, 'sha' | 'runUrl'>): HistoryEntry | undefined {
  if (report.allReadySeconds === null || report.run?.disturbed !== undefined) return undefined
  const ofMetric = (metric: 'ready' | 'first-token') => mean(metricByRun([report], metric).flat())
  const ready = report.pods.filter((pod) => pod.ready)
  const phaseIds = new Set(ready.flatMap(({ rows }) => rows.map(({ phase }) => phase)))
  const total = (phase: PhaseId) =>
    ready.reduce((sum, { rows }) => sum + rows.reduce((own, row) => (row.phase === phase ? own + row.seconds : own), 0), 0)
  return {
    at: report.scaledAt,
    ...source,
    conditions: conditionsOf(report),
    readySeconds: ofMetric('ready'),
    ...(commonMetric([report]) === 'first-token' && { firstTokenSeconds: ofMetric('first-token') }),
    phaseSeconds: Object.fromEntries([...phaseIds].map((phase) => [phase, total(phase) / ready.length])),
  }
}

/** The newest last, without more than are kept. */
export function appendHistory(entries: readonly HistoryEntry[], added: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return [...entries, ...added].toSorted((a, b) => a.at.localeCompare(b.at)).slice(-keptEntries)
}
