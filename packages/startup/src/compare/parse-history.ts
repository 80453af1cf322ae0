import * as v from 'valibot'
import { historySchema, historySchemaVersion } from './history-schema.ts'
import type { HistoryEntry } from './history.ts'

export function formatHistory(entries: readonly HistoryEntry[]): string {
  return JSON.stringify({ schema: historySchemaVersion, entries })
}

/** Reads what `formatHistory` wrote, perhaps in another release. @returns the runs, or why they are not believed, without quoting the text */
export function parseHistory(text: string): readonly HistoryEntry[] | { readonly wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'it is not valid JSON' }
  }
  const schema = (value as { readonly schema?: unknown } | null)?.schema
  if (typeof schema === 'number' && schema > historySchemaVersion) return { wrong: 'a newer release wrote it' }
  const parsed = v.safeParse(historySchema, value)
  if (parsed.success) return parsed.output.entries as readonly HistoryEntry[]
  return { wrong: `\`${v.getDotPath(parsed.issues[0]) ?? 'schema'}\` is missing or of the wrong type` }
}
