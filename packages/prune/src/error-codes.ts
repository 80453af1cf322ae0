/** Codes of errors of prune-snapshots, and what each means; docs/errors.md lists them. */
export const pruneErrors = {
  'prune-incomplete': 'Something that nothing uses could not be deleted, terminated or turned off. The message lists each.',
} as const

export type PruneErrorCode = keyof typeof pruneErrors
