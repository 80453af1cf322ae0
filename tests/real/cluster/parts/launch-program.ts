import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program that runs until it is stopped. */
export interface Running {
  readonly name: string
  readonly pid: number
  /** Everything that it has written. */
  log(): string
  /** Waits until `look` says that it is there. @throws Error with the end of its log when it ends first, or after 60 s */
  until(what: string, look: () => Promise<boolean>): Promise<void>
  /** Ends it at once: what it has is thrown away with it. */
  stop(): Promise<void>
}

/** Starts a program whose output goes to a file. It ends with this process, however that ends. */
export function launchProgram(
  name: string,
  program: string,
  args: readonly string[],
  { logFile, env = {} }: { readonly logFile: string; readonly env?: Readonly<Record<string, string>> },
): Running {
  const output = openSync(logFile, 'w')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/root', ...env },
  })
  closeSync(output)
  let ended: string | undefined
  let stopped = false
  const gone = new Promise<void>((resolve) => {
    child.once('error', ({ message }) => resolve(void (ended = message)))
    child.once('exit', (code, signal) => resolve(void (ended = `it ended with ${code ?? signal}`)))
  })
  const log = () => readFileSync(logFile, 'utf8')
  const lastWords = () => log().trimEnd().split('\n').slice(-15).join('\n')
  return {
    name,
    pid: child.pid ?? 0,
    log,
    async until(what, look) {
      for (let looks = 0; looks < 600; looks++) {
        if (ended !== undefined && !stopped) throw new Error(`Start ${name}: ${ended}. It said last:\n${lastWords()}`)
        if (await look().catch(() => false)) return
        await sleep(100)
      }
      throw new Error(`Start ${name}: ${what} is not so after 60 s. It said last:\n${lastWords()}`)
    },
    async stop() {
      stopped = true
      child.kill('SIGKILL')
      await gone
    },
  }
}
