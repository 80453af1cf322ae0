/** A file as the real hub has it. One with a `text` or a `source` is served as it is; every other one is served smaller than it is. */
export interface HubFile {
  readonly path: string
  /** Size on the real hub, in bytes. */
  readonly fullSize: number
  /** Whether it is stored by Git LFS (or Xet): then its digest is a sha256 and it is served from a signed address. */
  readonly lfs: boolean
  readonly text?: string
  /** Path of a file on this machine with its content. */
  readonly source?: string
}

/** A model repository at its only commit. */
export interface HubModel {
  /** `owner/name`. */
  readonly id: string
  /** What `main` stands for, 40 hex digits. */
  readonly commit: string
  /** `auto` and `manual`: anyone may list the files, but only those who were let in may read them. */
  readonly gated: false | 'auto' | 'manual'
  /** ISO 8601. */
  readonly lastModified: string
  readonly files: readonly HubFile[]
}

/** A file stored by Git LFS. */
export const large = (path: string, fullSize: number): HubFile => ({ path, fullSize, lfs: true })

/** A file stored in git itself. */
export const small = (path: string, fullSize: number): HubFile => ({ path, fullSize, lfs: false })

/** A file in git itself whose content is ours, because it has to be valid. */
export const written = (path: string, text: string): HubFile => ({ path, fullSize: Buffer.byteLength(text), lfs: false, text })

/** The same as a JSON file. */
export const json = (path: string, value: unknown): HubFile => written(path, `${JSON.stringify(value, null, 2)}\n`)
