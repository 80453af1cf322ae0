import type { Problem } from '@prebake/kernel'
import { fieldsOf, isFields } from '../kubernetes/fields.ts'
import type { KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import type { YamlDocument } from './parse-yaml.ts'

/** The object that a filled-in document describes, or what keeps it from being one. */
export function toObject(parsed: YamlDocument): { readonly document: KubernetesObject } | { readonly problems: readonly Problem[] } {
  const value = parsed.toValue()
  if ('problem' in value) return { problems: [value.problem] }
  const document = value.value
  if (!isFields(document)) {
    const wrong = `the document is ${Array.isArray(document) ? 'a list' : `\`${String(document)}\``}, not a Kubernetes object.`
    return { problems: [parsed.problem([], { code: 'document-not-an-object', wrong, remedy: 'Give apiVersion, kind and metadata.name.' })] }
  }
  if (document['kind'] === 'List' && Array.isArray(document['items'])) {
    const remedy = 'Write each of its items as a document of its own.'
    return { problems: [parsed.problem(['kind'], { code: 'document-is-a-list', wrong: 'the document is a List of objects.', remedy })] }
  }
  const fields: readonly (readonly [readonly string[], unknown])[] = [
    [['apiVersion'], document['apiVersion']],
    [['kind'], document['kind']],
    [['metadata', 'name'], fieldsOf(document['metadata'])['name']],
  ]
  const problems = fields.flatMap(([path, field]): Problem[] => {
    if (typeof field === 'string' && field !== '') return []
    const code = 'document-incomplete'
    const name = path.join('.')
    return field === undefined || field === null || field === ''
      ? [parsed.problem([], { code, wrong: `the document has no ${name}.`, remedy: 'Add it, or remove the document.' })]
      : [parsed.problem(path, { code, wrong: `${name} is not a text.`, remedy: 'Put it in quotes.' })]
  })
  return problems.length > 0 ? { problems } : { document: document as unknown as KubernetesObject }
}
