import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, PrebakeError } from '@prebake/kernel'
import type { ActionErrorCode } from './error-codes.ts'

/**
 * Writes a value as JSON into the runner's temporary folder, for later steps of the job.
 * @returns the file's path. @throws PrebakeError if it cannot be written
 */
export function writeJsonFile(name: string, value: unknown, env: NodeJS.ProcessEnv): string {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  const file = join(folder, name)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`)
  } catch (cause) {
    const code = 'runner-file-unwritable' satisfies ActionErrorCode
    throw new PrebakeError(`Write ${file}: ${messageOf(cause)}.`, { code, hint: "Check the runner's disk.", cause })
  }
  return file
}
