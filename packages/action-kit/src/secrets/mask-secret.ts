import * as core from '@actions/core'

/** Shorter texts occur in any log by chance. */
const leastLength = 4
/** Values that are common in credentials and in logs. */
const trivial = new Set(['true', 'false', 'null', 'none', 'default', 'undefined'])

/**
 * Masks the secret in the runner's log, line by line. Skips a line that is short, trivial or without a letter or digit (the braces of a JSON document):
 * GitHub would mask it everywhere, and drop each job output that contains it.
 */
export function maskSecret(secret: string): void {
  if (!isStep(process.env)) return
  for (const line of secret.split(/\r\n|\r|\n/)) {
    const text = line.trim()
    if (text.length >= leastLength && /[\p{L}\p{N}]/u.test(text) && !trivial.has(text.toLowerCase())) core.setSecret(text)
  }
}

/** In a terminal no runner would process the command, so printing it would reveal the secret. */
function isStep(env: NodeJS.ProcessEnv): boolean {
  return env['GITHUB_ACTIONS'] === 'true' || env['GITHUB_OUTPUT'] !== undefined
}
