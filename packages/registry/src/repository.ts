/** A manifest or an index, and the digest that names it. */
export interface Manifest {
  readonly digest: string
  readonly content: Readonly<Record<string, unknown>>
}

/** The repository of one image, open for reading. Throws InputError if it cannot be read, ServiceError if its content does not match its digest. */
export interface Repository {
  /** @param name a tag or a digest */
  manifest(name: string): Promise<Manifest>
  /** An image's configuration; undefined if it is not a JSON object, as with some OCI artifacts. */
  config(digest: string): Promise<Readonly<Record<string, unknown>> | undefined>
}
