const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/**
 * A quantity of Kubernetes (API conventions, "Resource Quantity"): `500m` is 0.5, `16Gi` is 2^34.
 * @returns undefined for what is none.
 */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, digits, suffix = ''] = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value.trim()) ?? []
  const factor = factors[suffix]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}

/** A volume's size in GiB, as EC2NodeClass has it: `150Gi`, `100G`. */
export function parseGiB(value: unknown): number | undefined {
  const bytes = parseQuantity(value)
  return bytes === undefined ? undefined : bytes / 2 ** 30
}
