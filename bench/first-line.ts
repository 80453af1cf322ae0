import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from './median.ts'

const root = join(import.meta.dirname, '..')
const rounds = 21
const allowedMs = 120

/** From start to the first byte on standard output: each action against a Node that prints one line, in turn. Median of the differences' sides. */
export async function firstLine(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-bench-'))
  const environment = {
    ...process.env,
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_OUTPUT: join(folder, 'output'),
    'INPUT_INSTANCE-PROFILE': 'x',
    'INPUT_SNAPSHOT-ID': 'snap-00000000',
    'INPUT_VARIABLE-SCOPE': 'none',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  }
  try {
    const lines: string[] = []
    for (const action of ['build-snapshot', 'publish-snapshot']) {
      const ours: number[] = []
      const empty: number[] = []
      for (let round = 0; round < rounds; round++) {
        empty.push(await untilFirstByte(['-e', 'console.log()'], environment))
        ours.push(await untilFirstByte([join(root, 'actions', action, 'index.js')], environment))
      }
      const difference = median(ours) - median(empty)
      lines.push(
        `first line of ${action}: ${median(ours).toFixed(0)} ms, empty Node ${median(empty).toFixed(0)} ms, difference ${difference.toFixed(0)} ms (at most ${allowedMs}; ${rounds} rounds)`,
      )
    }
    return lines
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function untilFirstByte(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${args.join(' ')} printed nothing`)))
    child.stdout.once('data', () => {
      resolve(performance.now() - start)
      child.kill('SIGKILL')
    })
  })
}
