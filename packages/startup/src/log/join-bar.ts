import type { Bar, LogEvent } from './log-event.ts'

/** Adds one state of a progress bar to the bar that it belongs to, or as a new bar if the count starts again. */
export function joinBar(events: LogEvent[], state: LogEvent): void {
  const index = events.findLastIndex(
    ({ form, bar, groups }) => form === state.form && bar !== undefined && groups['of'] === state.groups['of'],
  )
  const known = events[index]
  const bar = barOf(state)
  if (known?.bar === undefined || known.bar.percent > bar.percent || known.bar.percent === 100) {
    events.push({ ...state, bar })
    return
  }
  // A bar without line feeds arrives as a whole, when it ends.
  events[index] = { ...known, bar: { ...bar, startMs: Math.min(known.bar.startMs, bar.startMs) } }
}

function barOf({ groups, atMs }: LogEvent): Bar {
  const percent = Number(groups['percent'] ?? 0)
  return { startMs: atMs - elapsedMs(groups, percent), endMs: atMs, percent, count: `${groups['done'] ?? '?'}/${groups['of'] ?? '?'}` }
}

/** A bar prints whole seconds, but the rate of a full bar is that of its whole time and gives the fraction. */
function elapsedMs({ elapsed = '', done, rate, perItem }: LogEvent['groups'], percent: number): number {
  const whole = elapsed.split(':').reduce((sum, figure) => sum * 60 + Number(figure), 0)
  const exact = rate === undefined ? Number(done) * Number(perItem) : Number(done) / Number(rate)
  return percent === 100 && exact >= whole && exact < whole + 1 ? exact * 1000 : whole * 1000
}
