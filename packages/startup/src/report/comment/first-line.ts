import type { Comparison } from '../../compare/compare-runs.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'
import { code, plain } from '../markdown-table.ts'

/** Whole seconds are precise enough for a start; below ten, tenths. */
export function roundSeconds(seconds: number): string {
  const size = Math.abs(seconds)
  return `${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} s`
}

/** The verdict with its noise: `Scale-up of vllm from 1 to 5: 71 s faster ± 9 s, beyond noise in 5 of 5`. */
export function firstLine(benchmark: BenchmarkReport): string {
  const [first] = runsOf(benchmark, 'candidate')
  if (first === undefined) return 'Scale-up: no run'
  const { deployment, from, to } = first.environment
  const simulated = benchmark.simulated ? ' (simulated)' : ''
  return `Scale-up of ${code(deployment)} from ${from} to ${to}: ${outcome(benchmark)}${simulated}`
}

function outcome(benchmark: BenchmarkReport): string {
  const runs = runsOf(benchmark, 'candidate')
  const wanted = runs.reduce((sum, { environment }) => sum + environment.to - environment.from, 0)
  const ready = runs.reduce((sum, { pods }) => sum + pods.filter((pod) => pod.ready).length, 0)
  if (runs.some(({ allReadySeconds }) => allReadySeconds === null)) return `${ready} of ${wanted} new pods became Ready`
  const { comparison, candidate } = benchmark
  if (comparison !== undefined) return verdictWords(comparison)
  const what = candidate.metric === 'first-token' ? 'first token' : 'Ready'
  return `${what} after ${roundSeconds(candidate.medianSeconds ?? 0)}, nothing to compare with`
}

/** `71 s faster ± 9 s, beyond noise in 5 of 5` */
export function verdictWords({ verdict, because, differenceSeconds, noiseSeconds, noiseOf, beyondNoise }: Comparison): string {
  const noise = noiseSeconds === undefined ? '' : ` ± ${roundSeconds(noiseSeconds)}`
  const unit = noiseOf === 'runs' ? 'runs' : 'pods'
  const beyond = beyondNoise === undefined ? '' : `, beyond noise in ${beyondNoise.count} of ${beyondNoise.of} ${unit}`
  switch (verdict) {
    case 'faster':
    case 'slower':
      return `${roundSeconds(differenceSeconds)} ${verdict}${noise}${beyond}`
    case 'same':
      return `the same (${signed(differenceSeconds)}${noise})`
    case 'inconclusive':
      return `inconclusive: ${plain(because ?? 'the noise is too large')}${noise === '' ? '' : ` (${signed(differenceSeconds)}${noise})`}`
  }
}

export function signed(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${roundSeconds(seconds)}`
}
