import { fieldsOf, isFields, type Fields, type KubernetesObject } from '@prebake/manifests'

/**
 * The part of a value that a manager owns, by its FieldsV1 (https://kubernetes.io/docs/reference/using-api/server-side-apply/; keys as in
 * structured-merge-diff's fieldpath: `f:` a field, `k:` a list's item by its keys, `v:` by its value, `i:` by its index, `.` the thing itself).
 */
export function ownedFields(value: unknown, fieldsV1: unknown): unknown {
  if (!isFields(fieldsV1)) return value
  const members = Object.entries(fieldsV1).filter(([key]) => key !== '.')
  if (Array.isArray(value)) {
    if (members.length === 0) return '.' in fieldsV1 ? [] : value
    return value.flatMap((item: unknown, index) => {
      const owned = members.find(([key]) => isItem(key, item, index))
      return owned === undefined ? [] : [ownedItem(owned[0], item, owned[1])]
    })
  }
  if (!isFields(value)) return value
  if (members.length === 0) return '.' in fieldsV1 ? {} : value
  return Object.fromEntries(
    members.flatMap(([key, below]) => {
      const name = key.slice(2)
      return key.startsWith('f:') && name in value ? [[name, ownedFields(value[name], below)]] : []
    }),
  )
}

function isItem(key: string, item: unknown, index: number): boolean {
  if (key.startsWith('i:')) return Number(key.slice(2)) === index
  const wanted: unknown = JSON.parse(key.slice(2))
  if (key.startsWith('v:')) return item === wanted
  const matches = isFields(item) && isFields(wanted) && Object.entries(wanted).every(([name, part]) => item[name] === part)
  return key.startsWith('k:') && matches
}

/** An item needs its keys, whoever owns them. */
function ownedItem(key: string, item: unknown, fieldsV1: unknown): unknown {
  const owned = ownedFields(item, fieldsV1)
  return key.startsWith('k:') && isFields(owned) ? { ...(JSON.parse(key.slice(2)) as object), ...owned } : owned
}

/** What this project has applied of an object, with neither kind nor name. */
export function fieldsByUs(object: KubernetesObject): Fields {
  return fieldsOf(ownedFields(object, entryOfUs(object) ?? {}))
}

/** The FieldsV1 of this project's applies; undefined where it has applied nothing. */
export function entryOfUs({ metadata }: KubernetesObject): object | undefined {
  return metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === 'prebake' && operation === 'Apply' && !subresource,
  )?.fieldsV1
}
