import { spawn } from 'node:child_process'
import { CancelledError, InputError, PrebakeError, type Problem } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'

export interface Tool {
  readonly program: string
  /** Prints the version. */
  readonly versionArgs: readonly string[]
  /** Where one gets it. */
  readonly source: string
}

export const eksctl: Tool = { program: 'eksctl', versionArgs: ['version'], source: 'https://eksctl.io/installation' }
export const kubectl: Tool = {
  program: 'kubectl',
  versionArgs: ['version', '--client'],
  source: 'https://kubernetes.io/docs/tasks/tools',
}

interface ToolRun {
  readonly env: NodeJS.ProcessEnv
  readonly input?: string
  /** Gets each line. */
  readonly onLine?: (line: string) => void
  readonly signal: AbortSignal
}

/** @throws InputError with every tool that is missing. @returns a line for each with its version */
export async function requireTools(tools: readonly Tool[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<readonly string[]> {
  const problems: Problem[] = []
  const found: string[] = []
  for (const { program, versionArgs, source } of tools) {
    const lines: string[] = []
    const ended = await start(program, versionArgs, { env, signal, onLine: (line) => lines.push(line) })
    if (ended === 0) found.push(`${program} ${lines[0]?.replace(/^Client Version: /, '') ?? ''}`)
    else {
      const code = 'tool-missing' satisfies TerminalErrorCode
      const wrong =
        ended === undefined ? 'is not installed.' : `does not work: \`${program} ${versionArgs.join(' ')}\` ended with ${ended}.`
      problems.push({ code, input: program, wrong, remedy: `Install it: ${source}.` })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return found
}

/** Runs a program to its end. @throws PrebakeError `tool-failed` with its last lines */
export async function runTool(program: string, args: readonly string[], { onLine = () => {}, ...run }: ToolRun): Promise<void> {
  const last: string[] = []
  const code = await start(program, args, {
    ...run,
    onLine(line) {
      last.push(line)
      if (last.length > 5) last.shift()
      onLine(line)
    },
  })
  if (code === 0) return
  throw new PrebakeError([`Run \`${program} ${args.join(' ')}\`: it ended with ${code ?? 'no start'}.`, ...last].join('\n'), {
    code: 'tool-failed' satisfies TerminalErrorCode,
    hint: 'Remove the cause, and run again: it goes on here.',
  })
}

/** @returns its exit code; undefined: there is no such program. Ctrl-C reaches it by itself, since it has the terminal's process group; a cancel ends it. */
function start(program: string, args: readonly string[], { env, input, onLine = () => {}, signal }: ToolRun): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
    let rest = ''
    const read = (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(onLine)
    }
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', read)
    child.stdin?.on('error', () => {}).end(input)
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)))
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop)
      if (rest !== '') onLine(rest)
      if (signal.aborted) reject(new CancelledError())
      else resolve(code ?? 1)
    })
  })
}
