import { createReadStream, type Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { workspacePath } from '@prebake/action-kit'
import { InputError, messageOf, PrebakeError, type Problem } from '@prebake/kernel'
import type { Reference, ReferenceSource } from '@prebake/prune'
import { snapshotIdsIn } from '@prebake/snapshot-record'
import type { PruneInputErrorCode } from './error-codes.ts'

/** Without a word of our own manifests, and large. */
const skipped = new Set(['.git', 'node_modules'])
/** An ID has 22 characters, and may lie across two pieces of a file. */
const overlap = 32

/**
 * Files of the workspace that name snapshots. Links are not followed.
 * @throws InputError for a path that is outside of the workspace or not there, all at once
 */
export async function fileReferences(paths: readonly string[], workspace: string): Promise<ReferenceSource> {
  const problems: Problem[] = []
  const roots: string[] = []
  for (const path of paths) {
    const found = workspacePath(path, workspace)
    if ('wrong' in found) problems.push(refused(path, `${found.wrong}.`))
    else if (await stat(found.real).catch(() => undefined)) roots.push(found.real)
    else problems.push(refused(path, 'does not exist.'))
  }
  if (problems.length > 0) throw new InputError(problems)
  return { title: `files of ${paths.join(', ')}`, find: (ids, signal) => search(roots, workspace, ids, signal) }
}

async function search(
  roots: readonly string[],
  workspace: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  const references: Reference[] = []
  let files = 0
  try {
    for (const root of roots)
      for await (const file of filesBelow(root)) {
        files += 1
        signal.throwIfAborted()
        for (const snapshotId of await idsOf(file))
          if (ids.includes(snapshotId)) references.push({ snapshotId, by: `file ${relative(workspace, file)}`, makesVolumes: true })
      }
  } catch (error) {
    signal.throwIfAborted()
    throw new PrebakeError(`Search the workspace: ${messageOf(error)}.`, {
      code: 'search-path-refused' satisfies PruneInputErrorCode,
      cause: error,
    })
  }
  if (files > 0) return references
  const hint = 'Check out the repository before this step, or set `files: none` if no file names a snapshot.'
  throw new PrebakeError('Search the workspace: there is no file in it.', { code: 'workspace-empty' satisfies PruneInputErrorCode, hint })
}

async function* filesBelow(path: string): AsyncGenerator<string> {
  if (!(await stat(path)).isDirectory()) return yield path
  const entries: readonly Dirent[] = await readdir(path, { withFileTypes: true })
  for (const entry of entries) {
    if (entry.isFile()) yield join(path, entry.name)
    else if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesBelow(join(path, entry.name))
  }
}

/** Reads piece by piece: a workspace may hold files of any size. */
async function idsOf(file: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let rest = ''
  for await (const piece of createReadStream(file, { encoding: 'latin1' })) {
    const text = rest + String(piece)
    for (const id of snapshotIdsIn(text)) found.add(id)
    rest = text.slice(-overlap)
  }
  return found
}

function refused(path: string, wrong: string): Problem {
  const code = 'search-path-refused' satisfies PruneInputErrorCode
  return { code, input: 'files', wrong: `\`${path}\` ${wrong}`, remedy: 'Give paths inside the workspace, or `none`.' }
}
