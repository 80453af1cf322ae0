import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkReport } from '@prebake/startup'

/** Writes the benchmark as JSON and as a page into the runner's temporary folder. @returns the files' paths. */
export async function writeReport(
  benchmark: BenchmarkReport,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly json: string; readonly page: string }> {
  const { renderPage } = await import('@prebake/report-page')
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  // A job may measure more than once.
  const [first] = benchmark.runs
  const time = (first?.scaledAt ?? benchmark.createdAt).replaceAll(/[^\dT]/g, '')
  const file = join(folder, `prebake-scale-${first?.environment.deployment ?? 'nothing'}-${time}`)
  const written = { json: `${file}.json`, page: `${file}.html` }
  writeFileSync(written.json, `${JSON.stringify(benchmark, undefined, 2)}\n`)
  writeFileSync(written.page, renderPage(benchmark))
  return written
}
