import { posix } from 'node:path'
import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile } from '../ports/model-hub.ts'

export interface PatternedFiles {
  /** All files but the excluded ones. */
  readonly kept: readonly ModelFile[]
  /** Paths that a pattern without `!` asks for. Exclusion wins. */
  readonly wanted: ReadonlySet<string>
  /** One for each pattern that matches nothing. */
  readonly problems: readonly Problem[]
}

/** Applies the patterns of the input `files`: globs over whole paths, where `*` stops at a slash and `**` does not; an exact path always matches itself. */
export function applyPatterns(files: readonly ModelFile[], patterns: readonly string[]): PatternedFiles {
  const matched = new Map(
    patterns.map((pattern) => {
      const glob = pattern.replace(/^!\s*/, '')
      return [pattern, files.filter(({ path }) => path === glob || posix.matchesGlob(path, glob))]
    }),
  )
  const pathsOf = (isExclusion: boolean) =>
    [...matched].flatMap(([pattern, found]) => (pattern.startsWith('!') === isExclusion ? found.map(({ path }) => path) : []))
  const excluded = new Set(pathsOf(true))
  return {
    kept: files.filter(({ path }) => !excluded.has(path)),
    wanted: new Set(pathsOf(false).filter((path) => !excluded.has(path))),
    problems: [...matched].flatMap(([pattern, found]) => (found.length > 0 ? [] : [noMatch(pattern)])),
  }
}

function noMatch(pattern: string): Problem {
  const wrong = `\`${pattern}\` matches no file of the model.`
  const remedy = 'Write paths as on the page “Files and versions”; `*` stops at a slash, `**` does not.'
  return { code: 'files-pattern-unmatched' satisfies SnapshotErrorCode, input: 'files', wrong, remedy }
}
