/**
 * The pause in seconds that a service asks for before the next attempt: Retry-After (RFC 9110: seconds or a date), or the `t` of a RateLimit header (the hub's
 * documentation, "Rate limits").
 * @returns undefined if it asks for none
 */
export function askedPauseSeconds(headers: Headers, now: Date): number | undefined {
  const after = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(after)) return Number(after)
  const date = /^[A-Za-z]{3}/.test(after) ? Date.parse(after) : Number.NaN
  if (!Number.isNaN(date)) return Math.max(0, (date - now.getTime()) / 1000)
  const left = /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]
  return left === undefined ? undefined : Number(left)
}
