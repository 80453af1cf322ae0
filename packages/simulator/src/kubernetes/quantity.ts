const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** `500m` is 0.5, `16Gi` its bytes. What is no quantity counts as zero: the real API server refuses it. */
export function parseQuantity(text: string | number | undefined): number {
  const [, digits, unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(String(text ?? '0')) ?? []
  return Number(digits ?? 0) * (factors[unit] ?? 0)
}

/** Seconds of a Go duration (`1h30m`, `60s`); undefined for `Never`. */
export function parseDuration(text: string): number | undefined {
  if (text === 'Never') return undefined
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 }
  return [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? 's'] ?? 0), 0)
}

/** A Go duration in milliseconds, as the kubelet prints it: `1m3.512s`, `812ms`. */
export function formatDuration(seconds: number): string {
  const ms = Math.floor(seconds * 1000)
  if (ms < 1000) return `${ms}ms`
  const minutes = Math.floor(ms / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${Number(((ms % 60_000) / 1000).toFixed(3))}s`
}
