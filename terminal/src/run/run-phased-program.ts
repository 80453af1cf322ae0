import type { ActionContext } from '@prebake/action-kit'
import { openMemory, type Memory } from '../memory/memory-file.ts'
import { createAsker, type Asker } from '../screen/ask.ts'
import { phasedReporter, type PhasedReporter } from '../screen/phased-reporter.ts'
import { endRun, isOpen } from './open-run.ts'
import { runProgram, type Options, type Program, type Values } from './run-program.ts'

/** What the work of a program with phases receives. */
export interface PhasedContext {
  readonly memory: Memory
  readonly asker: Asker
  /** The reader's own folder. */
  readonly folder: string
  readonly context: ActionContext & { readonly reporter: PhasedReporter }
}

export interface PhasedProgram<O extends Options> extends Omit<Program<O>, 'work' | 'cleanUp'> {
  /** The titles of its phases, in their order. */
  readonly phases: (values: Values<O>) => readonly string[]
  /** How long each usually takes, until the folder's memory knows better. */
  readonly usualSeconds: Readonly<Record<string, number>>
  readonly work: (values: Values<O>, context: PhasedContext) => Promise<void>
}

/** Runs a program that shows phases, asks, remembers in the reader's folder, and at its end puts back what it has left open, whatever became of it. */
export async function runPhasedProgram<const O extends Options & { readonly yes: { readonly type: 'boolean' } }>(
  program: PhasedProgram<O>,
): Promise<void> {
  let memory: Memory | undefined
  await runProgram<O>({
    ...program,
    async work(values, { terminal, folder, ...rest }) {
      const opened = openMemory(folder)
      memory = opened
      const usual: Readonly<Record<string, number>> = { ...program.usualSeconds, ...opened.seconds() }
      const phases = program.phases(values).map((title) => ({ title, expectedSeconds: usual[title] ?? 0 }))
      const reporter = phasedReporter(terminal, phases, rest)
      const asker = createAsker({ input: process.stdin, output: process.stdout, yes: 'yes' in values && values.yes === true }, rest.signal)
      try {
        await program.work(values, { memory: opened, asker, folder, context: { ...rest, reporter } })
      } finally {
        asker.close()
        reporter.stop()
      }
    },
    async cleanUp(_values, { terminal, ...rest }) {
      if (memory !== undefined && isOpen(memory)) await endRun(memory, { ...rest, reporter: phasedReporter(terminal, [], rest) })
    },
  })
}
