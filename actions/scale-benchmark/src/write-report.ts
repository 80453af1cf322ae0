import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkReport } from '@prebake/startup'

/** Writes the benchmark as JSON into the runner's temporary folder. @returns the file's path. */
export function writeReport(benchmark: BenchmarkReport, env: NodeJS.ProcessEnv): string {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  // A job may measure more than once.
  const [first] = benchmark.runs
  const time = (first?.scaledAt ?? benchmark.createdAt).replaceAll(/[^\dT]/g, '')
  const file = join(folder, `prebake-scale-${first?.environment.deployment}-${time}.json`)
  writeFileSync(file, `${JSON.stringify(benchmark, undefined, 2)}\n`)
  return file
}
