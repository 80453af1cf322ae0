import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface StoredImage {
  /** Of what the reference names: an index or a manifest. */
  readonly digest: string
  /** Sum of the compressed layers, in bytes. */
  readonly size: number
  readonly labels: Readonly<Record<string, string>>
}

export interface ImageStore {
  names(): string[]
  read(name: string): StoredImage | undefined
  write(name: string, image: StoredImage): void
  remove(name: string): void
}

/** Keeps images as files, one for each name, and the size of each digest in a file of its own, which the stand-in for `df` adds up. */
export function openImageStore(folder: string): ImageStore {
  mkdirSync(folder, { recursive: true })
  const fileOf = (name: string) => join(folder, `${encodeURIComponent(name)}.json`)
  return {
    names: () =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .map((file) => decodeURIComponent(file.slice(0, -'.json'.length))),
    read(name) {
      try {
        return JSON.parse(readFileSync(fileOf(name), 'utf8')) as StoredImage
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    write(name, image) {
      writeFileSync(join(folder, `${image.digest.replace(':', '-')}.size`), String(image.size))
      const temporary = `${fileOf(name)}.${process.pid}`
      writeFileSync(temporary, JSON.stringify(image))
      renameSync(temporary, fileOf(name))
    },
    remove: (name) => rmSync(fileOf(name), { force: true }),
  }
}
