import { InputError, nearestName, type Problem } from '@prebake/kernel'
import { camelCase } from './camel-case.ts'
import type { Fields, InputSchema, InputsOf } from './define-inputs.ts'
import type { Field } from './fields/field.ts'
import { maskSecret } from './mask-secret.ts'
import { toStdout, type Write } from './workflow-command.ts'

const prefix = 'INPUT_'

/**
 * Reads the inputs as the runner hands them over, and masks the secrets. An empty text counts as absent.
 * @throws InputError with every problem at once: missing, malformed and unknown inputs, and what the schema's `check` finds.
 */
export function readInputs<F extends Fields>(schema: InputSchema<F>, env: NodeJS.ProcessEnv, write: Write = toStdout): InputsOf<F> {
  const fields = Object.entries(schema.fields)
  for (const [name, { secret }] of fields) if (secret) maskSecret(given(name, env), write)

  const problems: Problem[] = []
  const values: Record<string, unknown> = {}
  for (const [name, each] of fields) {
    const parsed = parse(name, each, env)
    if ('value' in parsed) values[camelCase(name)] = parsed.value
    else problems.push({ input: name, ...parsed })
  }
  const inputs = Object.freeze(values) as InputsOf<F>
  if (problems.length === 0) problems.push(...schema.check(inputs))
  problems.push(...unknownInputs(Object.keys(schema.fields), env))
  if (problems.length > 0) throw new InputError(problems)
  return inputs
}

/** As the runner names it (`ActionRunner.cs`): upper case, spaces as underscores, hyphens as they are. */
function variable(name: string): string {
  return prefix + name.replaceAll(' ', '_').toUpperCase()
}

function given(name: string, env: NodeJS.ProcessEnv): string {
  return env[variable(name)]?.trim() ?? ''
}

function parse(name: string, { required, default: byDefault, absent, parse: parseText }: Field<unknown>, env: NodeJS.ProcessEnv) {
  // A default with an expression is the runner's to work out; when it came out empty there is nothing.
  const text = given(name, env) || (byDefault?.includes('${{') ? '' : (byDefault ?? ''))
  if (text !== '') return parseText(text)
  return required ? { wrong: 'is missing.', remedy: 'Give it under `with:`.' } : { value: absent }
}

/** The runner only warns of these, in a line that nobody reads; the misspelt input would silently have its default. */
function unknownInputs(names: readonly string[], env: NodeJS.ProcessEnv): readonly Problem[] {
  const known = new Set(names.map(variable))
  return Object.keys(env)
    .filter((key) => key.startsWith(prefix) && !known.has(key))
    .map((key) => {
      const input = key.slice(prefix.length).toLowerCase()
      const nearest = nearestName(input, names)
      const remedy = nearest === undefined ? "Remove it; the action's README lists its inputs." : `Did you mean \`${nearest}\`?`
      return { input, wrong: 'is not an input of this action.', remedy }
    })
}
