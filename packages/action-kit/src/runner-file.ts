import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { PrebakeError } from '@prebake/kernel'

/** The files through which a step talks to the runner. */
export type RunnerFile = 'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY'

/**
 * Appends to one of the runner's files. When it returns, the text is in the file.
 * @throws PrebakeError when the file is not named by the environment or cannot be written.
 */
export function appendToRunnerFile(env: NodeJS.ProcessEnv, file: RunnerFile, text: string): void {
  const path = env[file]
  if (!path) throw new PrebakeError(`Write to ${file}: the variable is not set.`, { hint: 'Run this as a step of a workflow.' })
  try {
    appendFileSync(path, text)
  } catch (cause) {
    throw new PrebakeError(`Write to ${file} (${path}): the file cannot be written.`, { hint: "Look at the runner's disk.", cause })
  }
}

/** One entry of GITHUB_OUTPUT or GITHUB_STATE. A delimiter that nobody can guess keeps a value from ending its own entry. */
export function keyValueEntry(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}
