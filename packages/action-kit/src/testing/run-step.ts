import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readActionFile } from './action-file.ts'

export interface Step {
  /** Folder of the action, with its action.yml. */
  readonly action: string
  /** What stands under `with:`. */
  readonly inputs: Readonly<Record<string, string>>
  /** Added to what the runner itself sets; nothing is inherited but PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: string
  /** The temporary folder of the job: its steps share it. */
  readonly temp: string
  /** Gets each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void
  /** Given the process's ID once it runs. */
  readonly onStart?: (pid: number) => void
}

export interface PhaseResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly lines: readonly string[]
  readonly seconds: number
}

export interface StartedStep {
  readonly main: PhaseResult
  /**
   * Runs the action's `post` as the runner does: whatever became of main, and with what later steps have exported. Undefined where the action has none.
   */
  readonly post: ((exported?: Readonly<Record<string, string>>) => Promise<PhaseResult>) | undefined
}

/**
 * Runs one step as GitHub's runner does: a child process per phase, inputs as `INPUT_*`, files for outputs, state and summary, and the saved state as
 * `STATE_*` in post. It does not mask, and does not evaluate expressions.
 */
export async function runStep(step: Step): Promise<StartedStep> {
  const action = readActionFile(step.action)
  const inputs = Object.entries(action.inputs ?? {}).map(
    ([name, input]) => [name, String(step.inputs[name] ?? input?.default ?? '')] as const,
  )
  const unknown = Object.entries(step.inputs).filter(([name]) => !inputs.some(([known]) => known === name))
  const given = Object.fromEntries(
    [...inputs, ...unknown].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )

  mkdirSync(step.workspace, { recursive: true })
  const main = await runPhase(step, join(step.action, action.runs.main), given)
  const { post } = action.runs
  if (post === undefined) return { main: main.result, post: undefined }
  const state = Object.fromEntries(Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value]))
  return {
    main: main.result,
    post: async (exported = {}) => (await runPhase(step, join(step.action, post), { ...given, ...state, ...exported })).result,
  }
}

async function runPhase(step: Step, program: string, variables: Readonly<Record<string, string>>) {
  mkdirSync(step.temp, { recursive: true })
  const folder = mkdtempSync(join(step.temp, 'runner-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const started = Date.now()
  const child = spawn(process.execPath, [program], {
    cwd: step.workspace,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: step.workspace,
      RUNNER_TEMP: step.temp,
      ...files,
      ...step.environment,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) step.onStart?.(child.pid)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      step.onLine?.(line)
    })
  }
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, by) => resolve([code, by]))
  })
  const result: PhaseResult = {
    exitCode,
    signal,
    outputs: parseRunnerFile(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    lines,
    seconds: (Date.now() - started) / 1000,
  }
  return { result, state: parseRunnerFile(readFileSync(files.GITHUB_STATE, 'utf8')) }
}

/**
 * Reads what an action wrote to GITHUB_OUTPUT or GITHUB_STATE: `name=value`, or `name<<MARK`, lines, `MARK`
 * (docs.github.com, "Workflow commands", environment files). The later value of a name counts.
 */
export function parseRunnerFile(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line)
    if (heredoc) {
      const end = lines.indexOf(heredoc[2] ?? '', index + 1)
      if (end < 0) throw new Error(`The value of ${heredoc[1]} does not end.`)
      values[heredoc[1] ?? ''] = lines.slice(index + 1, end).join('\n')
      index = end
      continue
    }
    const equals = line.indexOf('=')
    if (equals > 0) values[line.slice(0, equals)] = line.slice(equals + 1)
  }
  return values
}
