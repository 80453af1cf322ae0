import { phases, unattributed } from '../timeline/phases.ts'
import { code, seconds, table } from './markdown-table.ts'
import type { Report } from './report.ts'

/** Median and maximum of each phase, those of the control beside them. */
export function phaseTable(report: Report, control: Report | undefined): string {
  const other = new Map(control?.phases.map((summary) => [summary.phase, summary]))
  const all = [...phases, { id: unattributed, meaning: 'what no signal explains' }]
  const rows = all.flatMap(({ id, meaning }) => {
    const mine = report.phases.find(({ phase }) => phase === id)
    const its = other.get(id)
    if (mine === undefined && its === undefined) return []
    const cells = [code(id), meaning, seconds(mine?.medianSeconds), seconds(mine?.maxSeconds), String(mine?.pods ?? 0)]
    return [control ? [...cells, seconds(its?.medianSeconds), seconds(its?.maxSeconds)] : cells]
  })
  const headings = ['phase', '', 'median', 'max', 'pods', ...(control ? ['control median', 'control max'] : [])]
  return table(headings, rows, 2)
}
