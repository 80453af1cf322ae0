import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeyValueFile } from './read-key-value-file.ts'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output, without the debug log. */
  readonly log: string
  /** The lines of the debug log, without the stacks of failures. */
  readonly debug: readonly string[]
  readonly errors: string
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  /** Real milliseconds from the signal, or from the start, to the end. */
  readonly tookMs: number
}

/** Runs the fixture as the runner would, and sends `signal` (of `signals`, one after the other) once it has printed "ready". */
export async function runFixture(env: Readonly<Record<string, string>>, signals: readonly NodeJS.Signals[] = []): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-run-action-'))
  const files = { GITHUB_STATE: join(folder, 'state'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/action.ts')], {
      env: { ...files, ...env },
      // Whatever the fixture does wrong, it does not outlive the test.
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    let start = performance.now()
    let toSend = signals
    let log = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (!log.includes('ready\n') || toSend.length === 0) return
      start = performance.now()
      for (const signal of toSend) child.kill(signal)
      toSend = []
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject).on('close', (...ended) => resolve(ended))
    })
    return {
      code,
      signal,
      log: log.replaceAll(/^::debug::.*\n/gm, ''),
      debug: [...log.matchAll(/^::debug::((?!.*%0A {4}at ).*)$/gm)].map(([, line]) => line ?? ''),
      errors,
      state: readKeyValueFile(readFileSync(files.GITHUB_STATE, 'utf8')),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
      tookMs: performance.now() - start,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
