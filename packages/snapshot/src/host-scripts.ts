import { readFileSync } from 'node:fs'

/** Increased with every change of the scripts that changes the content of the snapshot; part of the fingerprint. A test enforces it. */
export const scriptVersion = 2

// Literal URLs, because the bundler includes only those.
const locations = {
  'lib.sh': new URL('../host/lib.sh', import.meta.url),
  'probe.sh': new URL('../host/probe.sh', import.meta.url),
  'init.sh': new URL('../host/init.sh', import.meta.url),
  'start.sh': new URL('../host/start.sh', import.meta.url),
  'status.sh': new URL('../host/status.sh', import.meta.url),
  'work.sh': new URL('../host/work.sh', import.meta.url),
  'fetch.sh': new URL('../host/fetch.sh', import.meta.url),
  'complete.sh': new URL('../host/complete.sh', import.meta.url),
  'seal.sh': new URL('../host/seal.sh', import.meta.url),
  'verify.sh': new URL('../host/verify.sh', import.meta.url),
} as const

export type HostScript = keyof typeof locations

let received: string | undefined

/** The text of receive.sh without its comments: every command contains it, and each of its bytes counts four times. @throws Error if it contains a single quote */
export function receiver(): string {
  if (received !== undefined) return received
  const lines = readFileSync(new URL('../host/receive.sh', import.meta.url), 'utf8').split('\n')
  const text = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  received = text.join('\n')
  if (received.includes("'")) throw new Error('receive.sh is sent inside single quotes, and contains one.')
  return received
}

/** The text of the shell scripts that run on the builder, by file name. */
export function hostScripts(): Readonly<Record<HostScript, string>> {
  const texts = Object.entries(locations).map(([name, location]) => [name, readFileSync(location, 'utf8')])
  return Object.fromEntries(texts) as Record<HostScript, string>
}
