type Fields = Record<string, unknown>

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** RFC 7386: maps are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const merged: Fields = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/** `current` without these fields, each by the names on the way to it. A map goes with its last field; what others have set in it stays. */
export function withoutFields(current: unknown, paths: readonly (readonly string[])[]): unknown {
  return paths.reduce(withoutField, current)
}

function withoutField(current: unknown, [name = '', ...below]: readonly string[]): unknown {
  if (!isMap(current) || !(name in current)) return current
  const { [name]: value, ...others } = current
  if (below.length === 0) return others
  const left = withoutField(value, below)
  return isMap(left) && Object.keys(left).length === 0 && left !== value ? others : { ...current, [name]: left }
}

/** FieldsV1 of what was applied, lists as one field. */
export function fieldsOf(document: unknown): object {
  if (!isMap(document)) return {}
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [`f:${key}`, fieldsOf(value)]))
}
