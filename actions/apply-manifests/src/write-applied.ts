import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RollOutResult } from '@prebake/rollout'

/** Writes what was applied as JSON into the runner's temporary folder. @returns the file's path. */
export function writeApplied({ applied }: RollOutResult, env: NodeJS.ProcessEnv): string {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `prebake-applied-${env['GITHUB_ACTION'] || process.pid}.json`)
  writeFileSync(file, `${JSON.stringify(applied, undefined, 2)}\n`)
  return file
}
