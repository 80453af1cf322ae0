import * as v from 'valibot'
import { reportSchema } from './report-schema.ts'
import type { Report } from './report.ts'

/** Reads a report's JSON. @returns the report, or the problem and its position in the text, without quoting it */
export function parseReport(json: string): Report | { readonly wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The parser's own message quotes the text, which may be of any file.
    return { wrong: 'is not valid JSON.' }
  }
  const schema = (value as { readonly schema?: unknown } | null)?.schema
  if (schema !== 1) return { wrong: `has schema ${typeof schema === 'number' ? schema : 'unknown'}, not 1.` }
  const parsed = v.safeParse(reportSchema, value)
  if (parsed.success) return value as Report
  const [issue] = parsed.issues
  return { wrong: `is not a complete report: \`${v.getDotPath(issue)}\` is missing or of the wrong type.` }
}
