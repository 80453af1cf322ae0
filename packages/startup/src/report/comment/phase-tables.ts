import type { PhaseComparison } from '../../compare/compare-phases.ts'
import { meaningOf } from '../../compare/limit.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'
import { code, seconds, table } from '../markdown-table.ts'
import { summarizePhases } from '../summarize-phases.ts'
import { signed } from './first-line.ts'

/** So many phases are shown where none is marked. */
const shownUnmarked = 5

/** The phases that changed; where none did or nothing was compared, those that take longest. */
export function phasesThatMatter(benchmark: BenchmarkReport): string {
  const compared = benchmark.comparison?.phases ?? []
  const marked = compared.filter(isMarked).toSorted((a, b) => Math.abs(b.differenceSeconds) - Math.abs(a.differenceSeconds))
  if (marked.length > 0) return comparedTable(marked)
  const longest = compared.toSorted((a, b) => b.candidateSeconds - a.candidateSeconds).slice(0, shownUnmarked)
  if (longest.length > 0) return `No phase changed beyond noise. The longest:\n\n${comparedTable(longest)}`
  const rows = summaries(benchmark)
    .toSorted((a, b) => b.medianSeconds - a.medianSeconds)
    .slice(0, shownUnmarked)
  return rows.length === 0 ? 'No pod became Ready: the finished phases of each are in the report.' : summaryTable(rows)
}

/** Every phase in the order of a start. */
export function allPhases(benchmark: BenchmarkReport): string {
  const compared = benchmark.comparison?.phases ?? []
  return compared.length > 0 ? comparedTable(compared) : summaryTable(summaries(benchmark))
}

export function isMarked({ verdict }: PhaseComparison): boolean {
  return verdict === 'faster' || verdict === 'slower'
}

function summaries(benchmark: BenchmarkReport) {
  return summarizePhases(runsOf(benchmark, 'candidate').flatMap(({ pods }) => pods))
}

function comparedTable(compared: readonly PhaseComparison[]): string {
  const rows = compared.map((each) => [
    code(each.phase),
    meaningOf(each.phase),
    seconds(each.candidateSeconds),
    seconds(each.baselineSeconds),
    isMarked(each) ? `**${signed(each.differenceSeconds)}**` : signed(each.differenceSeconds),
    phaseNoise(each),
    isMarked(each) ? `**${each.verdict}**` : '',
  ])
  return table(['phase', '', 'now', 'baseline', 'difference', 'noise', ''], rows, 2)
}

/** Beyond the whole phase, its figure says no more than that. */
export function phaseNoise({ noiseSeconds, candidateSeconds, baselineSeconds }: PhaseComparison): string {
  if (noiseSeconds === undefined) return '–'
  const largest = Math.max(candidateSeconds, baselineSeconds)
  return noiseSeconds > largest && noiseSeconds > 1 ? 'above the phase' : `± ${seconds(noiseSeconds)}`
}

function summaryTable(rows: ReturnType<typeof summaries>): string {
  return table(
    ['phase', '', 'median', 'max', 'pods'],
    rows.map(({ phase, medianSeconds, maxSeconds, pods }) => [
      code(phase),
      meaningOf(phase),
      seconds(medianSeconds),
      seconds(maxSeconds),
      String(pods),
    ]),
    2,
  )
}
