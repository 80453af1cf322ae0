/** The digest of a file's content: LFS and Xet files by their sha256, small files by git's blob hash (sha1 of "blob <size>\0" and the content). */
export interface FileDigest {
  readonly algorithm: 'sha256' | 'git-sha1'
  readonly hex: string
}

export interface ModelFile {
  /** Path inside the repository, with forward slashes. */
  readonly path: string
  /** Size in bytes. */
  readonly size: number
  readonly digest: FileDigest
}

/** The files of a model repository at one commit. */
export interface ModelListing {
  /** `owner/name`. */
  readonly model: string
  /** The commit of `revision`, 40 hex digits. */
  readonly commit: string
  /** Whether the repository is gated or private. */
  readonly restricted: boolean
  readonly files: readonly ModelFile[]
}

/**
 * Where a builder without a token gets a file: from an address that needs none (signed and short-lived for a large file), or from the runner, which reads
 * it (small files of restricted repositories have no such address: facts A2).
 */
export type FileSource = { readonly kind: 'address'; readonly url: string } | { readonly kind: 'runner' }

export interface ModelHub {
  /** @throws InputError for an unknown model or revision, and for a restricted model without access (with the page to request it) */
  list(model: string, revision: string, signal: AbortSignal): Promise<ModelListing>
  /** Asks the hub each time: addresses expire. */
  locate(listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<FileSource>
  /**
   * The whole content of a small file, with the digest of the listing.
   * @throws ServiceError if it is larger than 128 MiB or than listed, or the repository does not have it
   */
  read(listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<Uint8Array>
}
