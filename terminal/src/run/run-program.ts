import { parseArgs, type ParseArgsConfig } from 'node:util'
import { environmentClock } from '@prebake/action-kit'
import { CancelledError, InputError, messageOf, type Clock } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'
import { liveTerminal, type LiveTerminal } from '../screen/live-terminal.ts'
import { reportFailure } from './report-failure.ts'

export type Options = NonNullable<ParseArgsConfig['options']>
export type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true }>>['values']

/** What each program receives. */
export interface ProgramContext {
  /** Aborts on Ctrl-C, SIGTERM, and when the terminal is closed. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  /** Standard output. */
  readonly terminal: LiveTerminal
  /** The reader's own folder. */
  readonly folder: string
}

export interface Program<O extends Options> {
  /** `optimize-vllm`. */
  readonly name: string
  /** What `--help` prints before the options. */
  readonly about: string
  readonly options: O
  /** One line for each option. */
  readonly explain: Readonly<Record<keyof O, string>>
  readonly work: (values: Values<O>, context: ProgramContext) => Promise<void>
  /** Runs after `work` whatever its outcome, with a signal of its own. */
  readonly cleanUp?: (values: Values<O>, context: ProgramContext) => Promise<void>
}

/** Work that ignores a cancel is given up after this. */
const cancelGraceMs = 20_000
/** The cleanup itself has limits; this one is for what hangs in it. */
const cleanUpLimitMs = 5 * 60_000
const lingerMs = 100

/** By signal, as shells give them. */
const exitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/**
 * Runs a program: 0 when it succeeds, 1 when it fails, 2 when an option or a setting is wrong, 128 and the signal's number after a cancel. Never rejects.
 */
export async function runProgram<const O extends Options>(program: Program<O>): Promise<void> {
  const controller = new AbortController()
  let stoppedBy: string | undefined
  for (const name of Object.keys(exitCodes)) {
    process.on(name, () => {
      if (stoppedBy === undefined && program.cleanUp) terminal.write('\nStopping, and ending what was begun. This takes up to a minute.\n')
      stoppedBy ??= name
      controller.abort(new CancelledError())
    })
  }
  // Whoever reads may have gone; the cleanup must still be done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const terminal = liveTerminal(process.stdout)
  const fail = (error: unknown) => {
    terminal.status(undefined)
    process.exitCode = stoppedBy === undefined ? (error instanceof InputError ? 2 : 1) : (exitCodes[stoppedBy] ?? 1)
    reportFailure(stoppedBy === undefined ? error : new CancelledError(), process.stderr, process.env)
  }

  try {
    const values = readOptions(program)
    if (values === undefined) return
    const context = { clock: environmentClock(process.env), env: process.env, terminal, folder: process.cwd() }
    try {
      await Promise.race([program.work(values, { ...context, signal: controller.signal }), graceAfter(controller.signal)])
    } catch (error) {
      fail(error)
    }
    await program.cleanUp?.(values, { ...context, signal: AbortSignal.timeout(cleanUpLimitMs) })
  } catch (error) {
    fail(error)
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}

/** Undefined when only help was asked for. */
function readOptions<const O extends Options>({ name, about, options, explain }: Program<O>): Values<O> | undefined {
  // `pnpm run optimize-vllm -- --yes` passes the dashes on.
  const args = process.argv.slice(2).filter((argument, index) => index > 0 || argument !== '--')
  if (args.includes('--help') || args.includes('-h')) {
    const title = (option: string) => `--${option}${options[option]?.type === 'string' ? ' <value>' : ''}`
    const width = Math.max(...Object.keys(options).map((option) => title(option).length))
    const rows = Object.keys(options).map((option) => `  ${title(option).padEnd(width)}  ${explain[option]}`)
    process.stdout.write([about, '', ...rows, ''].join('\n'))
    return undefined
  }
  try {
    return parseArgs({ args, options, strict: true }).values as Values<O>
  } catch (error) {
    const code = 'option-malformed' satisfies TerminalErrorCode
    const remedy = `\`npx pnpm@12 run ${name} --help\` lists the options.`
    throw new InputError([{ code, input: name, wrong: `${messageOf(error).split('. ')[0]}.`, remedy }])
  }
}

function graceAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), cancelGraceMs).unref(), { once: true })
  })
}
