import type { VllmLog } from '../log/parse-vllm-log.ts'
import type { LogLine } from '../ports/workload.ts'
import type { Cut } from './cut-timeline.ts'
import { waitsFor } from './phases.ts'
import type { UnderWay } from './timeline.ts'

/** How far a start came that did not become Ready: the last phase that began, since when, and what it waits for. */
export function underWay(
  { rows, lastPhase, startMs, wallSeconds }: Cut,
  { progress, failure }: VllmLog,
  lines: readonly LogLine[],
): UnderWay {
  const last = rows.findLastIndex(({ phase }) => phase === lastPhase)
  // The phase may have several rows, one for each step.
  const before = rows.slice(0, Math.max(0, last)).findLastIndex(({ phase }) => phase !== lastPhase)
  const [first, row] = [rows[before + 1], rows[last]]
  const sinceMs = last === -1 ? wallSeconds * 1000 : (first?.startMs ?? 0)
  const lastLine = lines.findLast(({ text }) => text.trim() !== '')?.text.trim()
  return {
    phase: lastPhase,
    ...(row?.step !== undefined && { step: row.step }),
    since: new Date(startMs + sinceMs).toISOString(),
    seconds: ((row?.endMs ?? sinceMs) - sinceMs) / 1000,
    ...(failure === undefined && { waitsFor: waitsFor(lastPhase) }),
    ...(progress !== undefined && { progress }),
    ...(lastLine !== undefined && { lastLine: lastLine.slice(0, 300) }),
  }
}
