import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkReport } from '@prebake/startup'

/** Writes the benchmark as JSON, as a page and for llm-d-benchmark into the runner's temporary folder. @returns the files' paths. */
export async function writeReport(
  benchmark: BenchmarkReport,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly json: string; readonly page: string; readonly llmD: string }> {
  const [{ renderPage }, { jsonPieces, llmDReport }] = await Promise.all([import('@prebake/report-page'), import('@prebake/startup')])
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  // A job may measure more than once.
  const [first] = benchmark.runs
  const time = (first?.scaledAt ?? benchmark.createdAt).replaceAll(/[^\dT]/g, '')
  const { deployment = '', from = 0, to = 0 } = first?.environment ?? {}
  const file = join(folder, `prebake-scale-${deployment}-${time}`)
  const title = `Scale-up of ${deployment} from ${from} to ${to}`
  const written = { json: `${file}.json`, page: `${file}.html`, llmD: `${file}.llm-d.json` }
  writePieces(written.json, jsonPieces(benchmark))
  writeFileSync(written.page, renderPage(benchmark))
  writeFileSync(written.llmD, `${JSON.stringify(llmDReport(benchmark, title), undefined, 2)}\n`)
  return written
}

function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w')
  try {
    for (const piece of pieces) writeSync(file, piece)
  } finally {
    closeSync(file)
  }
}
