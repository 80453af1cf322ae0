import { parseInputs, terminalReporter, type Fields, type InputSchema, type InputsOf } from '@prebake/action-kit'
import type { Clock, Reporter } from '@prebake/kernel'
import { runProgram, type Options } from './run-program.ts'

export interface ActionProgram<F extends Fields> {
  /** `prune`. */
  readonly name: string
  readonly about: string
  /** The inputs of the action, which become options of the same names. */
  readonly inputs: InputSchema<F>
  /** Defaults that fit a terminal better, by name. */
  readonly defaults?: Readonly<Partial<Record<keyof F & string, string>>>
  readonly work: (
    given: InputsOf<F>,
    context: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock; readonly reporter: Reporter; readonly folder: string },
    signal: AbortSignal,
  ) => Promise<void>
}

/** Runs the use case of an action from a terminal: `--keep 3` is the input `keep`, with the same forms, defaults and checks. */
export async function runActionProgram<F extends Fields>({ name, about, inputs, defaults, work }: ActionProgram<F>): Promise<void> {
  const names = Object.keys(inputs.fields)
  const byDefault = (each: string) => defaults?.[each] ?? inputs.fields[each]?.default ?? ''
  await runProgram({
    name,
    about,
    options: Object.fromEntries(names.map((each) => [each, { type: 'string' }])) as Options,
    explain: Object.fromEntries(
      names.map((each) => [each, `as the input of the action${byDefault(each) === '' ? '' : `; default ${byDefault(each)}`}`]),
    ),
    async work(values, { terminal, env, clock, folder, signal }) {
      const textOf = (each: string) => (values as Readonly<Record<string, string | undefined>>)[each] ?? defaults?.[each] ?? ''
      await work(parseInputs(inputs, textOf), { env, clock, folder, reporter: terminalReporter(terminal, clock, env) }, signal)
    },
  })
}
