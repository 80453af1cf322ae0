import type { Report } from './report.ts'

/** Reads a report's JSON. @returns the report, or what is wrong with the text. */
export function parseReport(json: string): Report | { readonly wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The parser's own words quote the text, which may be of any file.
    return { wrong: 'is not valid JSON.' }
  }
  const report = value as Partial<Report> | null
  if (report?.schema !== 1) return { wrong: `has schema ${JSON.stringify(report?.schema ?? null)}, not 1.` }
  const complete = report.environment !== undefined && Array.isArray(report.pods) && Array.isArray(report.phases)
  return complete ? (report as Report) : { wrong: 'lacks its environment, pods or phases.' }
}
