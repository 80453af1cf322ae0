import type { TimelineRow } from './timeline.ts'

/** Rows that say the same hold the same text: of thousands of pods all sources are a few dozen, and composed for each row they are most of a report. */
export function shareTexts(): (row: TimelineRow) => TimelineRow {
  const held = new Map<string, string>()
  const once = (text: string): string => {
    const found = held.get(text)
    if (found === undefined) held.set(text, text)
    return found ?? text
  }
  return (row) => ({ ...row, clock: once(row.clock), source: once(row.source) })
}
