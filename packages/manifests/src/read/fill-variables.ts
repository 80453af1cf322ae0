import { nearestName, type Problem } from '@prebake/kernel'
import { visit, type Scalar } from 'yaml'
import { isIntegerField } from './number-fields.ts'
import type { PlacelessProblem, YamlDocument } from './parse-yaml.ts'
import { scanPlaceholders, type Placeholder } from './scan-placeholders.ts'

/** Where values come from, for messages. */
export interface VariableSources {
  /** By variable, the input that gives it; `variables` where none is named. A variable named here that has a value must be used. */
  readonly inputs?: Readonly<Record<string, string>>
  /** By variable, how it gets a value, as a sentence without its end; where none is named, by its input. */
  readonly remedies?: Readonly<Record<string, string>>
  /** Is given what looks like a mistake and may be meant. */
  readonly onDoubt?: (doubt: Problem) => void
  /** Is given a sentence for each value of `variables` that becomes a number. */
  readonly onNumber?: (line: string) => void
}

/** What is filled in, and what was seen while doing so. */
export interface Filling {
  readonly variables: Readonly<Record<string, string>>
  readonly sources: VariableSources
  /** Every name that a manifest contains, with a value or without. */
  readonly seen: Set<string>
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Fills the variables into the document's scalars, in place: `${NAME}`, and `${NAME:-default}` where the variable is given. A value is a text, but for a whole
 * unquoted `${NAME}` in a field that is an integer by its schema.
 * @returns a problem for each placeholder that cannot be filled.
 */
export function fillVariables(document: YamlDocument, filling: Filling): readonly Problem[] {
  const problems: Problem[] = []
  visit(document.content, {
    Scalar(key, node, ancestors) {
      const { value } = node
      if (typeof value !== 'string' || !value.includes('${')) return
      const placeholders = scanPlaceholders(value)
      const offsets = offsetsInSource(node, placeholders.length, document.text)
      let filled = ''
      let end = 0
      for (const [at, placeholder] of placeholders.entries()) {
        const problem = key === 'key' ? inKey(placeholder) : judge(placeholder, filling)
        if (problem !== undefined) problems.push(document.problemAt(offsets[at] ?? node.range?.[0] ?? 0, problem))
        filled += value.slice(end, placeholder.index) + valueOf(placeholder, filling)
        end = placeholder.index + placeholder.text.length
      }
      const text = filled + value.slice(end)
      const [, name = ''] = /^\$\{(\w+)\}$/.exec(value) ?? []
      const isInteger = name !== '' && /^\d{1,15}$/.test(text) && isIntegerField(node, ancestors)
      node.value = isInteger ? Number(text) : text
      const { inputs = {}, onNumber } = filling.sources
      if (isInteger && inputs[name] === 'variables')
        onNumber?.(`${document.placeAt(node.range?.[0] ?? 0)}: \`${value}\` becomes the number ${text}.`)
    },
  })
  return problems
}

function valueOf({ name, text }: Placeholder, { variables }: Filling): string {
  if (name === undefined) return '${'
  return ownValue(variables, name) ?? text
}

function judge(placeholder: Placeholder, { variables, sources, seen }: Filling): PlacelessProblem | undefined {
  const { name, text, fallback, closed } = placeholder
  if (name === undefined) return undefined
  const literal = text.split('${').join('$${')
  if (!closed) return malformed(`\`${text}\` has no closing brace.`, `Write \`${literal}\` for the text itself.`)
  if (!variableName.test(name)) {
    return malformed(`\`${text}\` is not a variable: only \`\${NAME}\` is filled in.`, `Write \`${literal}\` for the text itself.`)
  }
  if (fallback === undefined || Object.hasOwn(variables, name)) seen.add(name)
  if (Object.hasOwn(variables, name)) return undefined
  if (fallback !== undefined) {
    // A shell script in a ConfigMap means the container's own variable: taking the default here would change it.
    const wrong = `\`${text}\` has a default, and ${name} has no value: the default may be meant for this place or for a shell in the container.`
    return malformed(wrong, `Give ${name} under \`variables\`, or write \`${literal}\` for the text itself.`)
  }
  const nearest = nearestName(name, Object.keys(variables))
  const meant = nearest === undefined ? '' : `Did you mean \`\${${nearest}}\`? `
  const given = ownValue(sources.remedies, name) ?? `Give it under \`${ownValue(sources.inputs, name) ?? 'variables'}\``
  return {
    code: 'variable-undefined',
    wrong: `\`${text}\` has no value.`,
    remedy: `${meant}${given}, or write \`${literal}\` for the text itself.`,
  }
}

function malformed(wrong: string, remedy: string): PlacelessProblem {
  return { code: 'placeholder-malformed', wrong, remedy }
}

/** Without what every object inherits: `constructor` is a name too. */
function ownValue(record: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function inKey({ name, text }: Placeholder): PlacelessProblem | undefined {
  if (name === undefined) return undefined
  const remedy = `Write the key out, or \`$${text}\` for the text itself.`
  return { code: 'placeholder-in-key', wrong: `\`${text}\` is in a key; only values are filled in.`, remedy }
}

/** Where in the file each placeholder of the scalar begins. A quoted scalar may write `$` as an escape; all then count as at its beginning. */
function offsetsInSource(node: Scalar, count: number, text: string): readonly number[] {
  if (!node.range) return []
  const [start, end] = node.range
  const inSource = scanPlaceholders(text.slice(start, end)).map(({ index }) => start + index)
  return inSource.length === count ? inSource : Array.from({ length: count }, () => start)
}
