import type { Problem } from '@prebake/kernel'
import { fieldsOf, isFields, type Fields } from '../kubernetes/fields.ts'
import { groupOf, type KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import { objectsOf, type ObjectInDocument } from './objects-of.ts'
import { renderFirst, type PlacelessProblem, type YamlDocument } from './parse-yaml.ts'

export interface PlacedObject {
  readonly document: KubernetesObject
  /** In the file, from 1. */
  readonly line: number
}

/** The objects that a filled-in document describes, or what keeps it from describing any. */
export function toObjects(parsed: YamlDocument): { readonly objects: readonly PlacedObject[] } | { readonly problems: readonly Problem[] } {
  const read = parsed.toValue()
  if ('problem' in read) return { problems: [read.problem] }
  const objects = objectsOf(read.value)
  const problems = objects.flatMap((object) => judge(object, parsed))
  if (problems.length > 0) return { problems }
  return { objects: objects.map(({ value, path }) => ({ document: value as KubernetesObject, line: parsed.lineOf(path) })) }
}

function judge({ value, path }: ObjectInDocument, parsed: YamlDocument): readonly Problem[] {
  const at = (field: readonly string[], problem: PlacelessProblem) => parsed.problem([...path, ...field], problem)
  if (!isFields(value)) {
    const wrong = `the document is ${Array.isArray(value) ? 'a list' : `\`${String(value)}\``}, not a Kubernetes object.`
    return [at([], { code: 'document-not-an-object', wrong, remedy: 'Give apiVersion, kind and metadata.name.' })]
  }
  const { apiVersion, kind, metadata } = value
  if (typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/')) {
    const remedy = 'Name its folder in `manifests`, which is then built with `kustomize`, or run `kustomize build` before.'
    return [
      at([], {
        code: 'kustomization-not-built',
        wrong: `the document is a ${String(kind)} of kustomize, not an object of a cluster.`,
        remedy,
      }),
    ]
  }
  const name = fieldsOf(metadata)['name']
  const fields: readonly (readonly [readonly string[], unknown])[] = [
    [['apiVersion'], apiVersion],
    [['kind'], kind],
    [['metadata', 'name'], name],
  ]
  const problems = fields.flatMap(([field, content]): Problem[] => {
    if (typeof content === 'string' && content !== '') return []
    const code = 'document-incomplete'
    const title = field.join('.')
    const remedy = remedyFor(title, value, parsed)
    return content === undefined || content === null || content === ''
      ? [at([], { code, wrong: `the document has no ${title}.`, remedy })]
      : [at(field, { code, wrong: `${title} is not a text.`, remedy: 'Put it in quotes.' })]
  })
  if (problems.length > 0 || isName(name as string, groupOf({ apiVersion: apiVersion as string }))) return problems
  const remedy = /\{\{|[<>%@]/.test(name as string)
    ? renderFirst
    : 'Use lower-case letters, digits, `-` and `.`, with a letter or digit at both ends.'
  return [
    at(['metadata', 'name'], { code: 'name-invalid', wrong: `metadata.name is \`${name as string}\`, which no API server takes.`, remedy }),
  ]
}

/** What a field that is missing can mean. */
function remedyFor(title: string, value: Fields, { text }: YamlDocument): string {
  if (title === 'metadata.name' && fieldsOf(value['metadata'])['generateName'] !== undefined)
    return 'With `generateName` each rollout would make another object: give it a name, or create it with `kubectl create` in a step of its own.'
  // Copied from a page: to YAML a no-break space is no space, so that it is part of the field's name.
  if (/^[ \t]*\u00a0/m.test(text))
    return 'The file is indented with no-break spaces (U+00A0), as pages have them: replace them with spaces.'
  return 'Add it, or remove the document.'
}

/** RFC 1123 subdomains; Roles and their bindings are named by any path segment (Kubernetes, "Object Names and IDs"). */
function isName(name: string, group: string): boolean {
  if (group === 'rbac.authorization.k8s.io') return !/[/%]|\{\{|^\.{1,2}$/.test(name)
  return name.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name)
}
