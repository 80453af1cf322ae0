/**
 * Whether two JSON values say the same; a member that is undefined counts as absent. Unlike `isDeepStrictEqual` it does not look at prototypes,
 * which differ where a value has come from another realm (structuredClone under a test runner's).
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const left = one as Readonly<Record<string, unknown>>
  const right = other as Readonly<Record<string, unknown>>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameJson(left[key], right[key]))
}
