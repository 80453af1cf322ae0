/** As exponents, so that `100u` is exactly 0.0001. */
const decimalSuffixes: Readonly<Record<string, string>> = {
  n: 'e-9',
  u: 'e-6',
  m: 'e-3',
  '': '',
  k: 'e3',
  M: 'e6',
  G: 'e9',
  T: 'e12',
  P: 'e15',
  E: 'e18',
}
const binarySuffixes: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 }

/**
 * A quantity of Kubernetes (k8s.io/apimachinery, pkg/api/resource/quantity.go): `500m` is 0.5, `16Gi` is 2^34. A number is followed by a suffix or by
 * an exponent, never by both; `1E` has a suffix, `1E3` an exponent.
 * @returns undefined for what is not a quantity.
 */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, digits, exponent, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/.exec(value) ?? []
  if (digits === undefined) return undefined
  const factor = binarySuffixes[suffix]
  if (factor !== undefined) return Number(digits) * factor
  const scale = exponent ?? decimalSuffixes[suffix]
  return scale === undefined ? undefined : Number(digits + scale)
}

/** A volume's size in GiB, as an EC2NodeClass has it: `150Gi`, `100G`. */
export function parseGiB(value: unknown): number | undefined {
  const bytes = parseQuantity(value)
  return bytes === undefined ? undefined : bytes / 2 ** 30
}
