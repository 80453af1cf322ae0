/** Codes of problems with this action's own inputs and files, and what each means; docs/errors.md lists them. */
export const publishErrors = {
  'repository-unknown': '`GITHUB_REPOSITORY` is not set, so there is no repository variable to write.',
  'pointer-file-refused': '`file` is outside the workspace, a folder, or contains something other than a snapshot ID.',
  'pointer-file-failed': '`file` cannot be read or written.',
} as const

export type PublishErrorCode = keyof typeof publishErrors
