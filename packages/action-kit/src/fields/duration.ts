import { field, type Field, type Presence, type Present } from './field.ts'

const unitMs = { h: 3_600_000, m: 60_000, s: 1000 } as const
/** Node's timers are limited to 24.8 days and fire at once above that. */
const longestMs = 7 * 24 * unitMs.h

/** A duration, `90s`, `45m`, `2h` or `1h30m`, in milliseconds. */
export function duration<const P extends Presence<string>>(options?: P): Field<Present<number, P>> {
  return field((options ?? {}) as P, (text) => {
    const value = parseDuration(text)
    const remedy = 'Give a duration such as `90s`, `45m`, `2h` or `1h30m`.'
    if (value === undefined) return { wrong: `\`${text}\` is not a duration.`, remedy }
    if (value === 0) return { wrong: `\`${text}\` must be greater than zero.`, remedy }
    if (value > longestMs) return { wrong: `\`${text}\` is longer than seven days.`, remedy }
    return { value }
  })
}

/** Milliseconds; undefined if the text is not hours, minutes and seconds, in this order, each a whole number with its unit. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (!match) return undefined
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Number(hours) * unitMs.h + Number(minutes) * unitMs.m + Number(seconds) * unitMs.s
}
