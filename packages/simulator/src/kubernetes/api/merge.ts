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

/** `current` without the map keys that were in `before` and are no longer in `after`: what an applier gives up, it removes. */
export function withoutDropped(current: unknown, before: unknown, after: unknown): unknown {
  if (!isMap(current) || !isMap(before) || !isMap(after)) return current
  const kept: Fields = { ...current }
  for (const [key, value] of Object.entries(before)) {
    if (isMap(after[key])) kept[key] = withoutDropped(current[key], value, after[key])
    else if (after[key] === undefined) {
      // A map is given up field by field: what others have set in it stays.
      const left = withoutDropped(current[key], value, {})
      if (isMap(value) && isMap(left) && Object.keys(left).length > 0) kept[key] = left
      else delete kept[key]
    }
  }
  return kept
}

/** FieldsV1 of what was applied, lists as one field. */
export function fieldsOf(document: unknown): object {
  if (!isMap(document)) return {}
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [`f:${key}`, fieldsOf(value)]))
}
