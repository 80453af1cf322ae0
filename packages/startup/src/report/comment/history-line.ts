import { median } from '../median.ts'
import type { BenchmarkReport } from '../benchmark.ts'
import { seconds } from '../markdown-table.ts'

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** The default branch's runs as small bars, the newest last; empty without a history. */
export function historyLine({ history, candidate }: BenchmarkReport): string {
  const values = history.flatMap(({ readySeconds, firstTokenSeconds }) =>
    candidate.metric === 'ready' ? [readySeconds] : (firstTokenSeconds ?? []),
  )
  const [middle, last] = [median(values), history.at(-1)]
  if (middle === undefined || last === undefined) return ''
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const plot = values.map((value) => bars[high === low ? 3 : Math.round(((value - low) / (high - low)) * (bars.length - 1))]).join('')
  const what = candidate.metric === 'ready' ? 'Ready' : 'first token'
  return `Default branch, ${values.length} ${values.length === 1 ? 'run' : 'runs'} until ${last.at.slice(0, 10)}: \`${plot}\` ${what} after ${seconds(low)} to ${seconds(high)}, median ${seconds(middle)}.`
}
