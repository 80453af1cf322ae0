import { phases, unattributed } from '../timeline/phases.ts'
import { code, seconds, table } from './markdown-table.ts'
import type { Report } from './report.ts'

/** Median and maximum of each phase, those of the baseline beside them. */
export function phaseTable(report: Report, baseline: Report | undefined): string {
  const other = new Map(baseline?.phases.map((summary) => [summary.phase, summary]))
  const all = [...phases, { id: unattributed, meaning: 'what no signal explains' }]
  const rows = all.flatMap(({ id, meaning }) => {
    const mine = report.phases.find(({ phase }) => phase === id)
    const its = other.get(id)
    if (mine === undefined && its === undefined) return []
    const cells = [code(id), meaning, seconds(mine?.medianSeconds), seconds(mine?.maxSeconds), String(mine?.pods ?? 0)]
    return [baseline ? [...cells, seconds(its?.medianSeconds), seconds(its?.maxSeconds)] : cells]
  })
  const headings = ['phase', '', 'median', 'max', 'pods', ...(baseline ? ['baseline median', 'baseline max'] : [])]
  return table(headings, rows, 2)
}
