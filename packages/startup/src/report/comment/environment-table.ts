import { conditionsOf } from '../../compare/environment-differences.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'
import { code, table } from '../markdown-table.ts'
import type { Report } from '../report.ts'

/** What the figures depend on, of the candidate and, where one was measured, the baseline. */
export function environmentTable(benchmark: BenchmarkReport): string {
  const arms = (['candidate', 'baseline'] as const).map((arm) => runsOf(benchmark, arm)).filter((runs) => runs.length > 0)
  const columns = arms.map(values)
  const names = Object.keys(columns[0] ?? {}) as (keyof ReturnType<typeof values>)[]
  const rows = names.map((name) => [name, ...columns.map((column) => column[name])])
  return table(['', 'candidate', ...(arms.length > 1 ? ['baseline'] : [])], rows, 3)
}

function values(runs: readonly Report[]) {
  const pods = runs.flatMap((run) => run.pods)
  const newNodes = pods.filter(({ newNode }) => newNode).length
  const each = (value: (report: Report) => string | undefined) =>
    [...new Set(runs.map((run) => value(run)).filter((text) => text !== undefined))].map(code).join(', ') || 'unknown'
  return {
    runs: String(runs.length),
    nodes: [...new Set(runs.map((run) => [conditionsOf(run).nodes, run.run?.nodesMade].filter(Boolean).join(', ')))].join('; '),
    'pods on new nodes': `${newNodes} of ${pods.length}`,
    'image was on the node': share(pods.map(({ cacheHit }) => cacheHit)),
    'weights downloaded by': share(pods.map(downloaded)),
    'compile cache hit': share(pods.map(({ compileCache }) => compileCache && compileCache === 'hit')),
    instances: [...new Set(runs.flatMap(({ environment }) => environment.instanceTypes))].map(code).join(', ') || 'unknown',
    image: each(({ environment }) => environment.image),
    model: each(({ environment }) => environment.model),
    vLLM: each(({ environment }) => environment.vllmVersion),
    snapshot: each(({ environment }) => environment.snapshotId ?? 'none given'),
  }
}

/** Of how many it is true, among those of which it is known. */
function share(all: readonly (boolean | undefined)[]): string {
  const known = all.filter((value) => value !== undefined)
  return known.length === 0 ? 'unknown' : `${known.filter(Boolean).length} of ${known.length}`
}

/** Only a log that tells of the weights tells whether they were downloaded. */
function downloaded({ rows }: Timeline): boolean | undefined {
  const has = (id: string) => rows.some(({ phase }) => phase === id)
  return has('weights.read') || has('weights.download') ? has('weights.download') : undefined
}
