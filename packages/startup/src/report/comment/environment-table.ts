import { conditionsOf } from '../../compare/environment-differences.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'
import { code, plain, table } from '../markdown-table.ts'
import type { Report } from '../report.ts'

/** What the figures depend on, of the candidate and, where one was measured, the baseline. */
export function environmentTable(benchmark: BenchmarkReport): string {
  const { names, columns } = environmentRows(benchmark)
  const cells = ({ words, codes }: Value) => [...words.map(plain), ...codes.map(code)].join(', ')
  const rows = names.map((name) => [name, ...columns.map((column) => cells(column[name]!))])
  return table(['', 'candidate', ...(columns.length > 1 ? ['baseline'] : [])], rows, 3)
}

/** Words of this project, and text of other programs. */
interface Value {
  readonly words: readonly string[]
  readonly codes: readonly string[]
}

/** The same as data: one column for the candidate, and one for a baseline that was measured. */
export function environmentRows(benchmark: BenchmarkReport): {
  readonly names: readonly string[]
  readonly columns: readonly Readonly<Record<string, Value>>[]
} {
  const arms = (['candidate', 'baseline'] as const).map((arm) => runsOf(benchmark, arm)).filter((runs) => runs.length > 0)
  const columns = arms.map(values)
  return { names: Object.keys(columns[0] ?? {}), columns }
}

function values(runs: readonly Report[]): Readonly<Record<string, Value>> {
  const pods = runs.flatMap((run) => run.pods)
  const newNodes = pods.filter(({ newNode }) => newNode).length
  const words = (...texts: readonly string[]): Value => ({ words: [...new Set(texts)], codes: [] })
  const codes = (texts: readonly (string | undefined)[], none = 'unknown'): Value => {
    const known = [...new Set(texts.filter((text) => text !== undefined))]
    return { words: known.length > 0 ? [] : [none], codes: known }
  }
  return {
    runs: words(String(runs.length)),
    nodes: words(...runs.map((run) => [conditionsOf(run).nodes, run.run?.nodesMade].filter(Boolean).join(', '))),
    'pods on new nodes': words(`${newNodes} of ${pods.length}`),
    'image was on the node': words(share(pods.map(({ cacheHit }) => cacheHit))),
    'weights downloaded by': words(share(pods.map(downloaded))),
    'compile cache hit': words(share(pods.map(({ compileCache }) => compileCache && compileCache === 'hit'))),
    instances: codes(runs.flatMap(({ environment }) => environment.instanceTypes)),
    image: codes(runs.map(({ environment }) => environment.image)),
    model: codes(runs.map(({ environment }) => environment.model)),
    vLLM: codes(runs.map(({ environment }) => environment.vllmVersion)),
    snapshot: codes(runs.map(({ environment }) => environment.snapshotId), 'none given'), // prettier-ignore
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
