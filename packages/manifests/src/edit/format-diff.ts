import { formatPatch, structuredPatch } from 'diff'

/**
 * What a file's change is in unified format (POSIX, `diff -u`), which `git apply` and `patch` take; empty where nothing changed.
 * @param path relative to the repository.
 */
export function formatDiff(path: string, before: string, after: string): string {
  if (before === after) return ''
  const patch = structuredPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 })
  // Without the line `Index:` or `===` that only some tools know.
  return formatPatch(patch).replace(/^=+\n/, '')
}
