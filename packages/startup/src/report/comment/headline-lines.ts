import { metricByRun } from '../../compare/headline.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'
import { code, seconds } from '../markdown-table.ts'
import { median } from '../median.ts'
import { roundSeconds } from './first-line.ts'

const sources = {
  'same job': 'measured in turn with it in this job',
  'default branch': 'the default branch’s runs',
  file: 'the report given as `baseline`',
} as const

/** The first token, what it is compared with, and what limits: one line each. */
export function headlineLines(benchmark: BenchmarkReport): readonly string[] {
  return [firstTokenLine(benchmark), comparedWith(benchmark), limitLine(benchmark)].filter((line) => line !== '')
}

function firstTokenLine(benchmark: BenchmarkReport): string {
  const { medianSeconds, maxSeconds, pods, metric } = benchmark.candidate
  if (medianSeconds === null || maxSeconds === null) return ''
  const runs = runsOf(benchmark, 'candidate')
  const range = pods === 1 ? '' : ` in the median of ${pods} pods, ${seconds(maxSeconds)} in the slowest`
  const first = metric === 'first-token' ? 'First token' : 'Ready'
  const tokens = runs.flatMap((run) =>
    run.pods.flatMap(({ firstToken }) => (firstToken && 'afterScaleSeconds' in firstToken ? [firstToken] : [])),
  )
  const ownStart = median(tokens.flatMap(({ afterContainerStartSeconds }) => afterContainerStartSeconds ?? []))
  const warm = median(tokens.map(({ warmSeconds }) => warmSeconds))
  const ready = median(metricByRun(runs, 'ready').flat())
  const beside = [
    ...(metric === 'first-token' && ready !== undefined ? [`Ready after ${seconds(ready)}`] : []),
    ...(ownStart === undefined ? [] : [`${seconds(ownStart)} from the container’s start to the first token`]),
    ...(warm === undefined ? [] : [`the second completion’s after ${warm.toFixed(2)} s`]),
  ]
  return `**${first} ${seconds(medianSeconds)} after the scale request**${range}.${beside.length > 0 ? ` ${capital(beside.join('; '))}.` : ''}`
}

function comparedWith({ comparison, thresholdShare }: BenchmarkReport): string {
  if (comparison === undefined) return ''
  const { against, baselineSeconds, baselineRuns, aaSeconds, differences, noiseSeconds, noiseOf } = comparison
  const runs = `${baselineRuns} ${baselineRuns === 1 ? 'run' : 'runs'}`
  if (differences.length > 0) return `Baseline: ${sources[against]}, under other conditions. Nothing was compared.`
  const aa = aaSeconds === undefined ? '' : ` The same against the same differed by ${roundSeconds(aaSeconds)}.`
  const noise =
    noiseSeconds === undefined
      ? ''
      : ` Noise: ± ${seconds(noiseSeconds)} at 99 %, from ${noiseOf === 'runs' ? 'whole runs' : 'single pods'}.`
  return `Baseline: ${seconds(baselineSeconds)} (mean of ${runs}, ${sources[against]}).${noise}${aa} Threshold: ${(100 * thresholdShare).toFixed(0)} %.`
}

function limitLine({ limit }: BenchmarkReport): string {
  if (limit === undefined) return ''
  const { phase, meaning, cause = meaning, next } = limit
  const share = `${seconds(limit.seconds)} of the slowest start, ${(100 * limit.share).toFixed(0)} %`
  return `**What limits it**: ${code(phase)}, ${share}: ${cause}.${next === undefined ? '' : ` Faster: ${next}.`}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
