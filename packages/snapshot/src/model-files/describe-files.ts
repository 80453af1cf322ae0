import type { ModelFile } from '../ports/model-hub.ts'

const mostNames = 3

/** Names for a message, a few at most: "`a`, `b`, `c` and 97 more". They are the repository's own, so nothing in them may end the code span. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => `\`${name.replace(/[`\p{Cc}]/gu, '?')}\``)
  const more = names.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('')
}

/** The same with the size of all: "`a` and `b` (12.34 GB)". */
export function nameFiles(files: readonly ModelFile[]): string {
  return `${nameSome(files.map(({ path }) => path))} (${gigabytes(bytesOf(files))})`
}

/** "1 file", "3 files". */
export const countFiles = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`

/** Size of all files together, in bytes. */
export const bytesOf = (files: readonly ModelFile[]): number => files.reduce((sum, { size }) => sum + size, 0)

/** In units of 10^9 bytes: "12.34 GB". */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
