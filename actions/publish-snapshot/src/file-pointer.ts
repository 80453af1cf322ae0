import { randomUUID } from 'node:crypto'
import { access, constants, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { InputError, PrebakeError } from '@prebake/kernel'
import type { Pointer } from '@prebake/snapshot'

/**
 * A file that holds the snapshot's ID and a line break, replaced in one step so that nobody reads half of it.
 * @throws InputError for a path outside `workspace`.
 */
export function filePointer(file: string, workspace: string): Pointer {
  const path = resolve(workspace, file)
  if (relative(workspace, path).startsWith('..')) {
    throw new InputError([{ input: 'file', wrong: `\`${file}\` lies outside the workspace.`, remedy: 'Give a path inside it.' }])
  }
  return {
    title: `file ${file}`,
    async read() {
      try {
        return (await readFile(path, 'utf8')).trim() || undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw refused('Read', error)
      }
    },
    async probe() {
      try {
        await access(dirname(path), constants.W_OK)
      } catch (error) {
        throw refused('Write', error)
      }
    },
    async write(value) {
      const beside = `${path}.${randomUUID()}`
      try {
        await writeFile(beside, `${value}\n`)
        await rename(beside, path)
      } catch (error) {
        await rm(beside, { force: true })
        throw refused('Write', error)
      }
    },
  }

  function refused(verb: string, cause: unknown): PrebakeError {
    return new PrebakeError(`${verb} file ${file}: ${(cause as Error).message}.`, { hint: 'Its folder must exist and be writable.', cause })
  }
}
