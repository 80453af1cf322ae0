import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/** A path without links, or why it is refused, as a predicate of the path: "is outside the workspace". */
export type WorkspacePath = { readonly real: string } | { readonly wrong: string }

/**
 * Confines a user's path to the workspace. Follows the links of its existing part; keeps the part that does not exist yet.
 * @param path absolute, or relative to the workspace
 * @param others further allowed folders, such as the runner's temporary one
 */
export function workspacePath(path: string, workspace: string, others: readonly string[] = []): WorkspacePath {
  const real = withoutLinks(resolve(workspace, path))
  if (real === undefined) return { wrong: 'is a broken link' }
  const isAllowed = [workspace, ...others].some((folder) => isInside(real, withoutLinks(resolve(folder)) ?? folder))
  return isAllowed ? { real } : { wrong: 'is outside the workspace' }
}

/** Undefined for a broken link, or a link to itself. */
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

/** Whether there is an entry, also a broken link. */
function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function isInside(path: string, folder: string): boolean {
  const fromFolder = relative(folder, path)
  return fromFolder !== '..' && !fromFolder.startsWith(`..${sep}`) && !isAbsolute(fromFolder)
}
