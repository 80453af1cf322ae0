import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { workspacePath } from '@prebake/action-kit'
import { InputError, PrebakeError } from '@prebake/kernel'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { PublishErrorCode } from './error-codes.ts'
import { snapshot } from './inputs.ts'

/** More than any snapshot ID with a line break and some space. */
const mostBytes = 64

/**
 * A file with the snapshot's ID and a line break. It is replaced atomically, and its folder is created if necessary.
 * A file with other content is neither overwritten nor quoted.
 * @throws InputError naming `file`: here for a path outside the workspace, from the pointer for a file with other content
 */
export function filePointer(file: string, workspace: string): SnapshotPointer {
  const found = workspacePath(file, workspace)
  if ('wrong' in found) throw refused(`${found.wrong}.`, 'Give a path inside it.')
  const path = found.real

  async function read(): Promise<string | undefined> {
    const text = (await readStart()) ?? ''
    const isPointer = text.length <= mostBytes && (text.trim() === '' || snapshot.pattern.test(text.trim()))
    if (!isPointer)
      throw refused('contains something other than a snapshot ID.', 'Give a file that nothing else uses, because it would be overwritten.')
    return text.trim() || undefined
  }

  /** Only as much as shows whether it is a pointer. */
  async function readStart(): Promise<string | undefined> {
    let handle
    try {
      handle = await open(path, 'r')
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(mostBytes + 1) })
      return buffer.toString('latin1', 0, bytesRead)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return undefined
      if (code === 'EISDIR') throw refused('is a folder.', 'Give the path of a file.')
      throw failed('Read', error)
    } finally {
      await handle?.close()
    }
  }

  return {
    title: `file ${file}`,
    outlivesRunner: false,
    read,
    async probe() {
      await read()
      try {
        await access(nearestFolder(), constants.W_OK)
      } catch (error) {
        throw failed('Write', error)
      }
    },
    async write(value) {
      const temporary = `${path}.${randomUUID()}`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(temporary, `${value}\n`)
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {})
        throw failed('Write', error)
      }
    },
  }

  /** The nearest existing folder above: the file, or the first missing folder, is created in it. */
  function nearestFolder(): string {
    let folder = dirname(path)
    while (!existsSync(folder)) folder = dirname(folder)
    return folder
  }

  function refused(wrong: string, remedy: string): InputError {
    return new InputError([
      { code: 'pointer-file-refused' satisfies PublishErrorCode, input: 'file', wrong: `\`${file}\` ${wrong}`, remedy },
    ])
  }

  function failed(verb: string, cause: unknown): PrebakeError {
    const hint = 'Give this user write permission there, or give another `file`.'
    const code = 'pointer-file-failed' satisfies PublishErrorCode
    return new PrebakeError(`${verb} file ${file}: ${(cause as Error).message}.`, { code, hint, cause })
  }
}
