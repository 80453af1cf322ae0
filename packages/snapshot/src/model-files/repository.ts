import type { ModelFile, ModelListing } from '../ports/model-hub.ts'
import type { ModelContents } from './read-contents.ts'

/** A model repository as the selection looks at it. */
export interface Repository {
  /** `owner/name`. */
  readonly model: string
  /** The files that may be baked, by path. */
  readonly files: ReadonlyMap<string, ModelFile>
  /** Paths that the user asked for by a pattern. */
  readonly wanted: ReadonlySet<string>
  readonly contents: ModelContents
  /** `config.json`; empty where there is none. */
  readonly config: Readonly<Record<string, unknown>>
  readonly architectures: readonly string[]
}

/** The repository without the files that the user excludes, and without names that no line of the builder's plan can hold. */
export function repositoryOf(
  listing: ModelListing,
  contents: ModelContents,
  { kept, wanted }: { kept: readonly ModelFile[]; wanted: ReadonlySet<string> },
): Repository {
  const files = new Map(kept.filter(({ path }) => !/\p{Cc}/u.test(path)).map((file) => [file.path, file]))
  const config = files.has('config.json') ? recordOf(contents.get('config.json')) : {}
  const { architectures } = config
  return {
    model: listing.model,
    files,
    wanted,
    contents: new Map([...contents].filter(([path]) => files.has(path))),
    config,
    architectures: Array.isArray(architectures) ? architectures.filter((name) => typeof name === 'string') : [],
  }
}

/** A JSON object's fields; none for any other value. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** The folder that a path lies in, without a slash at its end; empty at the top of the repository. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
