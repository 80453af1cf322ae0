import { InputError, nearestName, type Problem } from '@prebake/kernel'
import { fillVariables, type Filling } from './fill-variables.ts'
import { findDuplicates } from './find-duplicates.ts'
import type { Manifest } from './manifest.ts'
import { parseYaml, type YamlDocument } from './parse-yaml.ts'
import type { KubernetesObject } from './ports/cluster.ts'

export interface ManifestFile {
  /** For messages. */
  readonly path: string
  readonly text: string
}

/**
 * Reads the documents of YAML (or JSON) files, and fills in `${NAME}`.
 *
 * Variables are filled into scalars after parsing, so that a value can never become structure: it is always a text, in a part of a scalar too.
 * `$${NAME}` stands for the text `${NAME}`. Every other `${` is a problem, and so is one in a key.
 * @param variables values by name.
 * @param inputs by variable, the input that gives it, for messages. A variable named here that has a value must be used.
 * @throws InputError with all that is wrong at once, each with `file:line:column`: broken YAML, a document without apiVersion, kind or name,
 *   a `${NAME}` without a value, the same object twice, no document at all, a given variable that no manifest uses.
 */
export function readManifests(
  files: readonly ManifestFile[],
  variables: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): readonly Manifest[] {
  const problems: Problem[] = []
  const manifests: Manifest[] = []
  const filling: Filling = { variables, inputs, seen: new Set() }
  for (const { path, text } of files) {
    for (const parsed of parseYaml(path, text)) {
      const found = [...parsed.problems, ...fillVariables(parsed, filling)]
      const read = found.length > 0 ? { problems: found } : toObject(parsed)
      if ('problems' in read) problems.push(...read.problems)
      else manifests.push({ document: read.document, file: path, line: parsed.start.line })
    }
  }
  problems.push(...unusedVariables(filling), ...findDuplicates(manifests))
  if (problems.length === 0 && manifests.length === 0) {
    const where = files.length === 0 ? 'names no file.' : `holds no document: ${files.map(({ path }) => path).join(', ')}.`
    problems.push({ input: 'manifests', wrong: where, remedy: 'Give files with Kubernetes manifests.' })
  }
  if (problems.length > 0) throw new InputError(problems)
  return manifests
}

function toObject(parsed: YamlDocument): { readonly document: KubernetesObject } | { readonly problems: readonly Problem[] } {
  const value = parsed.toValue()
  if ('problem' in value) return { problems: [value.problem] }
  const document = value.value
  if (!isRecord(document)) {
    const wrong = `the document is ${Array.isArray(document) ? 'a list' : `\`${String(document)}\``}, not an object of Kubernetes.`
    return { problems: [parsed.problem([], wrong, 'Give apiVersion, kind and metadata.name.')] }
  }
  if (document['kind'] === 'List' && Array.isArray(document['items'])) {
    return {
      problems: [parsed.problem(['kind'], 'the document is a List of objects.', 'Write each of its items as a document of its own.')],
    }
  }
  const metadata = isRecord(document['metadata']) ? document['metadata'] : {}
  const fields: readonly (readonly [readonly string[], unknown])[] = [
    [['apiVersion'], document['apiVersion']],
    [['kind'], document['kind']],
    [['metadata', 'name'], metadata['name']],
  ]
  const problems = fields.flatMap(([path, field]): Problem[] => {
    if (typeof field === 'string' && field !== '') return []
    const name = path.join('.')
    return field === undefined || field === null || field === ''
      ? [parsed.problem([], `the document has no ${name}.`, `Give it, or remove the document.`)]
      : [parsed.problem(path, `${name} is not a text.`, 'Put it in quotes.')]
  })
  return problems.length > 0 ? { problems } : { document: document as unknown as KubernetesObject }
}

function unusedVariables({ variables, inputs, seen }: Filling): readonly Problem[] {
  return Object.keys(variables).flatMap((name): Problem[] => {
    const input = inputs[name]
    if (input === undefined || seen.has(name)) return []
    const nearest = nearestName(name, [...seen])
    const remedy = nearest === undefined ? 'Remove it, or use it.' : `They have \`\${${nearest}}\`.`
    return [{ input, wrong: `no manifest has \`\${${name}}\`.`, remedy }]
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
