import type { Bar, LogEvent } from './log-event.ts'

/** Adds one state of a progress bar: to the bar that it belongs to, or as a new one. A bar that counts from the start again is another. */
export function joinBar(events: LogEvent[], state: LogEvent): void {
  const index = events.findLastIndex(({ form, bar, groups }) => form === state.form && bar !== undefined && groups['of'] === state.groups['of'])
  const known = events[index]
  const bar = barOf(state)
  if (known?.bar === undefined || known.bar.percent > bar.percent || known.bar.percent === 100) {
    events.push({ ...state, bar })
    return
  }
  events[index] = { ...known, bar: { ...bar, startMs: known.bar.startMs } }
}

function barOf({ groups, atMs }: LogEvent): Bar {
  const percent = Number(groups['percent'] ?? 0)
  const elapsed = (groups['elapsed'] ?? '').split(':').reduce((sum, figure) => sum * 60 + Number(figure), 0)
  return { startMs: atMs - elapsed * 1000, endMs: atMs, percent, count: `${groups['done'] ?? '?'}/${groups['of'] ?? '?'}` }
}
