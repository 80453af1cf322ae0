import { parse } from 'yaml'
import type { InputSchema } from '../define-inputs.ts'
import type { Field } from '../fields/field.ts'

interface ActionYml {
  readonly description?: string
  readonly inputs?: Readonly<Record<string, Entry | ''>>
  readonly outputs?: Readonly<Record<string, Entry | ''>>
}

interface Entry {
  readonly description?: string
  readonly required?: string
  readonly default?: string
}

/**
 * What differs between an action's code and its action.yml, one sentence each; empty when they agree: names of inputs and outputs,
 * required flags, defaults as text, and that everything is described.
 */
export function compareWithActionYml(
  schema: { readonly fields: InputSchema['fields'] },
  outputs: readonly string[],
  actionYml: string,
): readonly string[] {
  // As the runner does: every scalar is a text.
  const action = parse(actionYml, { schema: 'failsafe' }) as ActionYml
  return [
    ...(hasText(action.description) ? [] : ['The action has no description.']),
    ...compareNames('input', Object.keys(schema.fields), action.inputs ?? {}),
    ...Object.entries(schema.fields).flatMap(([name, field]) => compareInput(name, field, action.inputs?.[name])),
    ...compareNames('output', outputs, action.outputs ?? {}),
  ]
}

function compareNames(kind: 'input' | 'output', inCode: readonly string[], inYaml: Readonly<Record<string, Entry | ''>>): string[] {
  return [
    ...inCode.filter((name) => !Object.hasOwn(inYaml, name)).map((name) => `${kind} ${name}: not in action.yml.`),
    ...Object.keys(inYaml)
      .filter((name) => !inCode.includes(name))
      .map((name) => `${kind} ${name}: in action.yml, not in the code.`),
    ...Object.entries(inYaml)
      .filter(([, entry]) => !entry || !hasText(entry.description))
      .map(([name]) => `${kind} ${name}: no description.`),
  ]
}

function compareInput(name: string, field: Field<unknown>, entry: Entry | '' | undefined): string[] {
  const differences: string[] = []
  if (entry) {
    const required = entry.required === 'true'
    if (required !== field.required)
      differences.push(`input ${name}: required is ${required} in action.yml, ${field.required} in the code.`)
    const shown = entry.default ?? ''
    const expected = field.default ?? ''
    if (shown !== expected) differences.push(`input ${name}: default is "${shown}" in action.yml, "${expected}" in the code.`)
  }
  const byDefault = field.default?.trim()
  if (byDefault && !byDefault.includes('${{') && !('value' in field.parse(byDefault))) {
    differences.push(`input ${name}: its own default "${byDefault}" is refused.`)
  }
  return differences
}

function hasText(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== ''
}
