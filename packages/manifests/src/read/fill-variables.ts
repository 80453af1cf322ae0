import { nearestName, type Problem } from '@prebake/kernel'
import { visit, type Scalar } from 'yaml'
import type { PlacelessProblem, YamlDocument } from './parse-yaml.ts'

/** Where values come from, for messages. */
export interface VariableSources {
  /** By variable, the input that gives it; `variables` where none is named. A variable named here that has a value must be used. */
  readonly inputs?: Readonly<Record<string, string>>
  /** By variable, how it gets a value, as a sentence without its end; where none is named, by its input. */
  readonly remedies?: Readonly<Record<string, string>>
}

/** What is filled in, and what was seen while doing so. */
export interface Filling {
  readonly variables: Readonly<Record<string, string>>
  readonly sources: VariableSources
  /** Every name that a manifest contains, with a value or without. */
  readonly seen: Set<string>
}

/** `$${` is an escape; after `${` comes what may be a name, and a closing brace unless it was forgotten. */
const placeholder = /\$\$\{|\$\{([^}\n]*)(\}?)/g
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Fills the variables into the document's scalars, in place. @returns a problem for each placeholder that cannot be filled. */
export function fillVariables(document: YamlDocument, filling: Filling): readonly Problem[] {
  const problems: Problem[] = []
  visit(document.content, {
    Scalar(key, node) {
      const { value } = node
      if (typeof value !== 'string' || !value.includes('${')) return
      const offsets = placeholderOffsets(node, value, document.text)
      let index = 0
      node.value = value.replace(placeholder, (match, name: string | undefined, brace: string) => {
        const offset = offsets[index++] ?? node.range?.[0] ?? 0
        if (name === undefined) return '${'
        const problem = key === 'key' ? inKey(match) : judge(match, name, brace, filling)
        if (problem !== undefined) problems.push(document.problemAt(offset, problem))
        return filling.variables[name] ?? match
      })
    },
  })
  return problems
}

function judge(match: string, name: string, brace: string, { variables, sources, seen }: Filling): PlacelessProblem | undefined {
  const literally = `write \`$${match}\` for the text itself.`
  if (brace === '' || !variableName.test(name)) {
    const wrong = brace === '' ? `\`${match}\` has no closing brace.` : `\`${match}\` is not a variable: only \`\${NAME}\` is filled in.`
    return { code: 'placeholder-malformed', wrong, remedy: literally.replace('write', 'Write') }
  }
  seen.add(name)
  if (Object.hasOwn(variables, name)) return undefined
  const nearest = nearestName(name, Object.keys(variables))
  const meant = nearest === undefined ? '' : `Did you mean \`\${${nearest}}\`? `
  const given = ownValue(sources.remedies, name) ?? `Give it under \`${ownValue(sources.inputs, name) ?? 'variables'}\``
  const remedy = `${meant}${given}, or ${literally}`
  return { code: 'variable-undefined', wrong: `\`${match}\` has no value.`, remedy }
}

/** Without what every object inherits: `constructor` is a name too. */
function ownValue(record: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function inKey(match: string): PlacelessProblem {
  const remedy = `Write the key out, or \`$${match}\` for the text itself.`
  return { code: 'placeholder-in-key', wrong: `\`${match}\` is in a key; only values are filled in.`, remedy }
}

/** Where in the file each placeholder of the scalar begins. A quoted scalar may write `$` as an escape; all then count as at its beginning. */
function placeholderOffsets(node: Scalar, value: string, text: string): readonly number[] {
  if (!node.range) return []
  const [start, end] = node.range
  const inSource = [...text.slice(start, end).matchAll(placeholder)].map(({ index }) => start + index)
  const inValue = [...value.matchAll(placeholder)]
  return inSource.length === inValue.length ? inSource : inValue.map(() => start)
}
