import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** One run of a script of the project, in seconds of the wall, beside what it may take. */
export async function wallTime(title: string, args: readonly string[], allowedSeconds: number): Promise<readonly string[]> {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: join(import.meta.dirname, '..'), stdio: 'ignore' })
  const seconds = (performance.now() - start) / 1000
  return [`${title}: ${seconds.toFixed(1)} s (at most ${allowedSeconds})${status === 0 ? '' : `, and it FAILED with exit code ${status}`}`]
}
