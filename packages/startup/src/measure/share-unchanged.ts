/**
 * The same JSON value, with every part that equals the former one's taken from there: of an object that changes bit by bit, what stays is held once.
 */
export function shareUnchanged<T>(value: T, former: unknown): T {
  if (value === former) return former as T
  if (typeof value !== 'object' || value === null || typeof former !== 'object' || former === null) return value
  const old = former as Readonly<Record<string, unknown>>
  const parts = value as Record<string, unknown>
  const names = Object.keys(parts)
  for (const name of names) parts[name] = shareUnchanged(parts[name], old[name])
  const isSame = Array.isArray(value) === Array.isArray(former) && names.length === Object.keys(old).length
  return isSame && names.every((name) => parts[name] === old[name]) ? (former as T) : value
}
