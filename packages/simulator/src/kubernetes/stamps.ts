/** Simulated times are milliseconds since 1970 with a fraction; the API writes them in these four ways. */
const parts = (ms: number) => {
  const whole = Math.floor(ms)
  return { iso: new Date(whole).toISOString().slice(0, 23), micros: Math.floor((ms - whole) * 1000) }
}

/** metav1.Time: whole seconds, cut off, `2026-01-02T03:04:05Z`. */
export const toSeconds = (ms: number): string => `${parts(ms).iso.slice(0, 19)}Z`

/** metav1.MicroTime: `2026-01-02T03:04:05.123456Z`. */
export function toMicros(ms: number): string {
  const { iso, micros } = parts(ms)
  return `${iso}${String(micros).padStart(3, '0')}Z`
}

/** RFC 3339 with nanoseconds, as the kubelet stamps log lines. The last three digits are zero. */
export const toNanos = (ms: number): string => toMicros(ms).replace('Z', '000Z')

/** Nanoseconds since 1970 in hex: the end of an event's name. */
export const nanosecondsOf = (ms: number): bigint => BigInt(Math.floor(ms)) * 1_000_000n + BigInt(parts(ms).micros) * 1000n

/** vLLM's own stamp: no year, no zone, `01-23 15:48:29`. */
export const toVllmStamp = (ms: number): string => parts(ms).iso.slice(5, 19).replace('T', ' ')
