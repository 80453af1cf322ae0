/** Codes of problems with this action's own inputs, and what each means; docs/errors.md lists them. */
export const pruneInputErrors = {
  'search-path-refused': 'A path of `files` is outside the workspace, does not exist, or cannot be read.',
  'workspace-empty': '`files` has no file to search for snapshot IDs; perhaps the repository is not checked out.',
} as const

export type PruneInputErrorCode = keyof typeof pruneInputErrors
