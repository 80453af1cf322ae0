import * as v from 'valibot'
import { runsOf } from './benchmark.ts'
import { benchmarkSchema } from './benchmark-schema.ts'
import { reportSchema } from './report-schema.ts'
import type { Report } from './report.ts'

/** The newest schema that is read: 1 is a single run, 2 a benchmark of several. */
const newest = 2

/** Reads the JSON of an earlier benchmark. @returns the candidate's runs, or the problem and its position in the text, without quoting it */
export function parseReport(json: string): readonly Report[] | { readonly wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The parser's own message quotes the text, which may be of any file.
    return { wrong: 'is not valid JSON.' }
  }
  const schema = (value as { readonly schema?: unknown } | null)?.schema
  if (typeof schema === 'number' && schema > newest)
    return { wrong: `has schema ${schema}, and this release reads 1 and ${newest}: a newer one wrote it.` }
  if (schema !== 1 && schema !== newest)
    return { wrong: `has schema ${typeof schema === 'number' ? schema : 'unknown'}, not 1 or ${newest}.` }
  const parsed = schema === 1 ? v.safeParse(reportSchema, value) : v.safeParse(benchmarkSchema, value)
  if (!parsed.success) return { wrong: `is not a complete report: \`${v.getDotPath(parsed.issues[0])}\` is missing or of the wrong type.` }
  const runs = schema === 1 ? [value as Report] : runsOf(value as { readonly runs: readonly Report[] }, 'candidate')
  return runs.length > 0 ? runs : { wrong: 'has no run of a candidate.' }
}
