import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/** A path without links, or why it is refused, to follow the path itself: "lies outside the workspace". */
export type WorkspacePath = { readonly real: string } | { readonly wrong: string }

/**
 * Confines a path that a user gave to the workspace. Of what is there on the way to it links are followed; what is not there yet is kept as it is.
 * @param path absolute, or relative to the workspace
 * @param others folders besides the workspace in which it may lie, such as the runner's temporary one
 */
export function workspacePath(path: string, workspace: string, others: readonly string[] = []): WorkspacePath {
  const real = withoutLinks(resolve(workspace, path))
  if (real === undefined) return { wrong: 'is a link that leads nowhere' }
  const isAllowed = [workspace, ...others].some((folder) => isInside(real, withoutLinks(resolve(folder)) ?? folder))
  return isAllowed ? { real } : { wrong: 'lies outside the workspace' }
}

/** Undefined for a link to nothing, or to itself. */
function withoutLinks(path: string): string | undefined {
  const missing: string[] = []
  let existing = path
  while (!exists(existing) && dirname(existing) !== existing) {
    missing.unshift(basename(existing))
    existing = dirname(existing)
  }
  try {
    return join(realpathSync(existing), ...missing)
  } catch {
    return undefined
  }
}

/** A link is there, whatever it leads to. */
function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
