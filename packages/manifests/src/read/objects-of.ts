import { fieldsOf, isFields, type Fields } from '../kubernetes/fields.ts'

/** A value in a document, by the path that leads to it. */
export interface ObjectInDocument {
  readonly value: unknown
  readonly path: readonly (string | number)[]
}

/**
 * The objects of a document: itself, or the items of a list as `kubectl get` prints it, of lists in lists too. As with kubectl, items of a list of one kind
 * (`ConfigMapList`) may leave out their kind and version.
 */
export function objectsOf(value: unknown, path: readonly (string | number)[] = []): readonly ObjectInDocument[] {
  if (!isFields(value) || !isList(value)) return [{ value, path }]
  const kind = String(value['kind']).slice(0, -'List'.length)
  return (value['items'] as readonly unknown[]).flatMap((item, index) => {
    const typed = kind === '' || !isFields(item) ? item : { apiVersion: value['apiVersion'], kind, ...item }
    return objectsOf(typed, [...path, 'items', index])
  })
}

/** Lists have no name: a custom resource whose kind ends so has one. */
function isList({ kind, items, metadata }: Fields): boolean {
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && fieldsOf(metadata)['name'] === undefined
}
