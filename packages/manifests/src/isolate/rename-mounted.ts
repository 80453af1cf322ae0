import { fieldsOf, isFields, type Fields } from '../kubernetes/fields.ts'
import type { NameOf } from './isolate-node-pool.ts'

/** Where a pod names a ConfigMap or a Secret (core/v1 PodSpec): the field's name, what names the object in it, and the object's kind. */
const references: Readonly<Record<string, readonly [field: string, kind: string]>> = {
  configMap: ['name', 'ConfigMap'],
  configMapRef: ['name', 'ConfigMap'],
  configMapKeyRef: ['name', 'ConfigMap'],
  secret: ['secretName', 'Secret'],
  secretRef: ['name', 'Secret'],
  secretKeyRef: ['name', 'Secret'],
}

/** The pod, with the ConfigMaps and Secrets that are copied under the names that the copy has. */
export function renameMounted(pod: Fields, nameOf: NameOf): Fields {
  return fieldsOf(rename(pod, nameOf))
}

function rename(value: unknown, nameOf: NameOf): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, nameOf))
  if (!isFields(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renameMember(name, member, nameOf)]))
}

function renameMember(name: string, member: unknown, nameOf: NameOf): unknown {
  const [field, kind] = references[name] ?? []
  if (field === undefined || kind === undefined || !isFields(member)) return rename(member, nameOf)
  // A projected volume's source has `name` for a Secret too.
  const named = [field, 'name'].find((candidate) => typeof member[candidate] === 'string')
  return named === undefined ? rename(member, nameOf) : { ...member, [named]: nameOf(kind, String(member[named])) }
}
