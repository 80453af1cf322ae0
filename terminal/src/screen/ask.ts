import { createInterface, type Interface } from 'node:readline'
import { CancelledError, InputError, PrebakeError } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'

export interface Question {
  /** As the option that answers it is called: `node-role`. */
  readonly name: string
  /** `IAM role of the GPU nodes`. */
  readonly text: string
  /** What an empty answer means. */
  readonly suggestion?: string | undefined
  /** Why there is no answer yet, for those who cannot be asked. */
  readonly why?: string
}

export interface Asker {
  /** @throws InputError where the person cannot be asked; `answer-missing` */
  answer(question: Question): Promise<string>
  /** Returns when the person agrees. @throws PrebakeError `not-confirmed` */
  confirm(text: string): Promise<void>
  /** Lets go of the input. */
  close(): void
}

/** Asks at a terminal. With `yes`, and without a TTY, suggestions are taken, questions without one are errors. */
export function createAsker(
  { input, output, yes }: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream; readonly yes: boolean },
  signal: AbortSignal,
): Asker {
  const canAsk = input.isTTY === true && output.isTTY === true && !yes
  // One for all questions: what is typed ahead belongs to the next one.
  let lines: Interface | undefined
  let typed: AsyncIterator<string> | undefined

  async function ask(text: string): Promise<string> {
    lines ??= createInterface({ input, output }).on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    typed ??= lines[Symbol.asyncIterator]()
    lines.setPrompt(text)
    lines.prompt()
    const line = await Promise.race([typed.next(), aborted(signal)])
    if (signal.aborted) throw new CancelledError()
    if (line === undefined || line.done === true) throw missing('the input', 'ended before it was answered', 'Run again.')
    return line.value.trim()
  }

  return {
    async answer({ name, text, suggestion, why }) {
      if (!canAsk) {
        if (suggestion !== undefined) return suggestion
        throw missing(`--${name}`, `is not given${why ? `, and ${why}` : ''}`, `Give it: ${text}.`)
      }
      for (;;) {
        const answer = (await ask(`${text}${suggestion === undefined ? '' : ` [${suggestion}]`}: `)) || suggestion
        if (answer !== undefined && answer !== '') return answer
      }
    },
    async confirm(text) {
      if (yes) return
      if (!canAsk) throw missing('--yes', 'is not given, and there is no terminal to ask at', 'Give --yes.')
      const answer = await ask(`${text} [y/N] `)
      if (/^y(es)?$/i.test(answer)) return
      const code = 'not-confirmed' satisfies TerminalErrorCode
      throw new PrebakeError('Nothing was changed: the question was not answered with y.', { code })
    },
    close: () => lines?.close(),
  }
}

function missing(input: string, wrong: string, remedy: string): InputError {
  return new InputError([{ code: 'answer-missing' satisfies TerminalErrorCode, input, wrong: `${wrong}.`, remedy }])
}

/** Resolves when the run is stopped. At a prompt Ctrl-C is a key, which is made the signal above. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
