import * as core from '@actions/core'

/** Shorter ones occur in any log by chance. */
const leastLength = 4
/** Values that a document of credentials may well have, and every log too. */
const trivial = new Set(['true', 'false', 'null', 'none', 'default', 'undefined'])

/**
 * Has the runner show `***` wherever the secret would appear in the log. Line by line, as the log is. A line that is short, trivial or without a letter or
 * digit (the braces of a JSON document) is left out: GitHub masks it in everything that follows, and drops each job output that contains it.
 */
export function maskSecret(secret: string): void {
  if (!isStep(process.env)) return
  for (const line of secret.split(/\r\n|\r|\n/)) {
    const text = line.trim()
    if (text.length >= leastLength && /[\p{L}\p{N}]/u.test(text) && !trivial.has(text.toLowerCase())) core.setSecret(text)
  }
}

/** In a terminal there is no runner that would take the secret out of the log: the command itself would show it. */
function isStep(env: NodeJS.ProcessEnv): boolean {
  return env['GITHUB_ACTIONS'] === 'true' || env['GITHUB_OUTPUT'] !== undefined
}
