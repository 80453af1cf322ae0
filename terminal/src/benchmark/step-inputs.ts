import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, nearestName } from '@prebake/kernel'
import { parse } from 'yaml'
import type { TerminalErrorCode } from '../error-codes.ts'

type Texts = Readonly<Record<string, string>>

/** Inputs for a step of an action. @param given `name=value`. @throws InputError for a name that its action.yml does not have */
export function stepInputs(action: string, own: Texts, given: readonly string[]): Texts {
  const { inputs } = parse(readFileSync(join(action, 'action.yml'), 'utf8')) as { readonly inputs: Readonly<Record<string, unknown>> }
  const names = Object.keys(inputs)
  const texts: Record<string, string> = { ...own }
  for (const pair of given) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, at))
    if (!names.includes(name)) {
      const nearest = nearestName(name, names)
      const remedy = nearest === undefined ? `The inputs are ${names.join(', ')}.` : `Did you mean \`${nearest}\`?`
      const wrong = `\`${pair}\` does not give an input of this action.`
      throw new InputError([{ code: 'option-malformed' satisfies TerminalErrorCode, input: '--input', wrong, remedy }])
    }
    texts[name] = [texts[name], pair.slice(at + 1)].filter(Boolean).join('\n')
  }
  return texts
}
