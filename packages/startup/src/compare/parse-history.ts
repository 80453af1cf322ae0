import * as v from 'valibot'
import type { HistoryEntry } from './history.ts'

const seconds = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e6))
const short = v.pipe(v.string(), v.maxLength(300))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const entry = v.strictObject({
  at: v.pipe(v.string(), v.isoTimestamp()),
  sha: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/))),
  runUrl: v.optional(short),
  conditions: v.strictObject({
    simulated: v.boolean(),
    newPods: count,
    instanceTypes: v.pipe(v.array(short), v.maxLength(100)),
    nodes: v.picklist(['cold', 'warm', 'mixed']),
    newNodes: count,
  }),
  readySeconds: seconds,
  firstTokenSeconds: v.optional(seconds),
  phaseSeconds: v.record(short, seconds),
})

/** Increased with every change that makes older releases misread it. */
export const historySchemaVersion = 1

const history = v.strictObject({ schema: v.literal(historySchemaVersion), entries: v.pipe(v.array(entry), v.maxLength(1000)) })

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
  const parsed = v.safeParse(history, value)
  if (parsed.success) return parsed.output.entries as readonly HistoryEntry[]
  return { wrong: `\`${v.getDotPath(parsed.issues[0]) ?? 'schema'}\` is missing or of the wrong type` }
}
