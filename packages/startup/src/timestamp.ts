/**
 * Milliseconds since 1970 of an RFC 3339 time, with all of its fraction: a double keeps about a quarter of a microsecond of today's times.
 * NaN for anything else.
 */
export function timestampMs(text: string): number {
  const match = /^(.*T\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!match) return NaN
  const [, whole = '', fraction = '', zone = ''] = match
  return Date.parse(whole + zone) + Number(`0${fraction || '.0'}`) * 1000
}
