/**
 * The function, asked once for each object: nearly every rule reads the same pods and NodePools, and hundreds of documents must not take a second. The
 * objects must not change afterwards.
 */
export function remember<Key extends object, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>()
  return (key) => {
    const found = known.get(key) ?? { value: read(key) }
    known.set(key, found)
    return found.value
  }
}
