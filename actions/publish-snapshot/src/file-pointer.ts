import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { workspacePath } from '@prebake/action-kit'
import { InputError, PrebakeError } from '@prebake/kernel'
import type { Pointer } from '@prebake/snapshot'
import { snapshot } from './inputs.ts'

/** More than any snapshot ID has, with a line break and some space. */
const mostBytes = 64

/**
 * A file that holds the snapshot's ID and a line break, replaced in one step so that no reader sees half of it. Its folder is made if it is not there.
 * A file that holds anything else belongs to something else: it is neither overwritten nor quoted.
 * @throws InputError naming `file`, here for a path outside of the workspace, from the pointer for a file that holds something else.
 */
export function filePointer(file: string, workspace: string): Pointer {
  const found = workspacePath(file, workspace)
  if ('wrong' in found) throw refused(`${found.wrong}.`, 'Give a path inside it.')
  const path = found.real

  async function read(): Promise<string | undefined> {
    const text = (await readStart()) ?? ''
    const isPointer = text.length <= mostBytes && (text.trim() === '' || snapshot.pattern.test(text.trim()))
    if (!isPointer)
      throw refused('holds something other than a snapshot ID.', 'Give a file that nothing else uses: it would be overwritten.')
    return text.trim() || undefined
  }

  /** No more of it than shows whether it is a pointer. */
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
      const beside = `${path}.${randomUUID()}`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(beside, `${value}\n`)
        await rename(beside, path)
      } catch (error) {
        await rm(beside, { force: true }).catch(() => {})
        throw failed('Write', error)
      }
    },
  }

  /** The nearest folder above that is there: it must take the file, or the first missing folder. */
  function nearestFolder(): string {
    let folder = dirname(path)
    while (!existsSync(folder)) folder = dirname(folder)
    return folder
  }

  function refused(wrong: string, remedy: string): InputError {
    return new InputError([{ input: 'file', wrong: `\`${file}\` ${wrong}`, remedy }])
  }

  function failed(verb: string, cause: unknown): PrebakeError {
    const hint = 'Let this user write there, or give another `file`.'
    return new PrebakeError(`${verb} file ${file}: ${(cause as Error).message}.`, { hint, cause })
  }
}
