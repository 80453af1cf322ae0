import * as core from '@actions/core'
import { InputError, nearestName, type Problem } from '@prebake/kernel'
import { camelCase, type Check, type Fields, type InputSchema, type InputsOf } from './define-inputs.ts'
import type { ActionErrorCode } from './error-codes.ts'
import type { Fault, Field, Parsed } from './fields/field.ts'
import { maskSecret } from './secrets/mask-secret.ts'

/**
 * Reads the step's inputs and masks the secrets. An empty string counts as absent.
 * @throws InputError with every problem at once: missing, malformed and unknown inputs, and what the schema's `check` finds.
 */
export function readInputs<F extends Fields>(schema: InputSchema<F>): InputsOf<F> {
  return parseInputs(schema, core.getInput, () => unknownInputs(Object.keys(schema.fields)))
}

/**
 * Parses an action's inputs from texts that come from elsewhere, such as a terminal: with the same defaults, forms and checks. Masks the secrets in a step.
 * @param textOf the text of the input of this name; empty: not given
 * @throws InputError as `readInputs`
 */
export function parseInputs<F extends Fields>(
  schema: InputSchema<F>,
  textOf: (name: string) => string,
  more: () => readonly Problem[] = () => [],
): InputsOf<F> {
  const fields = Object.entries(schema.fields)
  for (const [name, { secretsIn }] of fields) {
    const text = textOf(name)
    if (text !== '') for (const secret of secretsIn(text)) maskSecret(secret)
  }

  const problems: Problem[] = []
  const values: Record<string, unknown> = {}
  const malformed = new Set<string>()
  for (const [name, each] of fields) {
    const parsed = parse(textOf(name), each)
    if ('value' in parsed) values[camelCase(name)] = parsed.value
    else {
      malformed.add(camelCase(name))
      problems.push(...faultsOf(parsed).map((fault) => ({ code: 'input-malformed', input: name, ...fault })))
    }
  }
  const inputs = Object.freeze(values) as InputsOf<F>
  for (const check of schema.checks) problems.push(...runCheck(check, inputs, malformed))
  problems.push(...more())
  if (problems.length > 0) throw new InputError(problems)
  return inputs
}

/** Nothing where it reads an input that is malformed, which has its problem already. */
function runCheck<F extends Fields>(check: Check<F>, inputs: InputsOf<F>, malformed: ReadonlySet<string>): readonly Problem[] {
  const unread = new Error('an input of the check is malformed')
  const refuse = (name: string | symbol) => {
    if (malformed.has(String(name))) throw unread
  }
  const guarded = new Proxy(inputs, {
    get(target, name) {
      refuse(name)
      return Reflect.get(target, name) as unknown
    },
    // A rest pattern reads all that is left.
    ownKeys(target) {
      for (const name of malformed) refuse(name)
      return Reflect.ownKeys(target)
    },
  })
  try {
    return check(guarded)
  } catch (error) {
    if (error === unread) return []
    throw error
  }
}

function parse(given: string, { required, default: byDefault, absent, parse: parseText }: Field<unknown>): Parsed<unknown> {
  // The runner evaluates a default with an expression; if the result is empty, there is no value.
  const text = given || (byDefault?.includes('${{') ? '' : (byDefault ?? ''))
  if (text !== '') return parseText(text)
  const code = 'input-missing' satisfies ActionErrorCode
  return required ? { code, wrong: 'is missing.', remedy: 'Give it under `with:`.' } : { value: absent }
}

function faultsOf(parsed: Exclude<Parsed<unknown>, { readonly value: unknown }>): readonly Fault[] {
  return 'faults' in parsed ? parsed.faults : [parsed]
}

/** The runner only warns of these, in a line that is easy to miss, and the misspelt input would silently get its default. */
function unknownInputs(names: readonly string[]): readonly Problem[] {
  const prefix = 'INPUT_'
  const known = new Set(names.map((name) => prefix + name.replaceAll(' ', '_').toUpperCase()))
  return Object.keys(process.env)
    .filter((key) => key.startsWith(prefix) && !known.has(key))
    .map((key) => {
      const input = key.slice(prefix.length).toLowerCase()
      const nearest = nearestName(input, names)
      const remedy = nearest === undefined ? "Remove it; the action's README lists its inputs." : `Did you mean \`${nearest}\`?`
      return { code: 'input-unknown' satisfies ActionErrorCode, input, wrong: 'is not an input of this action.', remedy }
    })
}
