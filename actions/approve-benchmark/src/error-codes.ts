/** Codes of the reasons not to measure a pull request, and what each means; docs/errors.md lists them. */
export const approvalErrors = {
  'benchmark-request-unknown': 'The workflow’s event names no pull request, and `pull-request` is not given.',
  'benchmark-not-allowed': 'The one who asks for the benchmark may not write to the repository.',
  'benchmark-commit-unnamed': 'A benchmark of a fork was asked for without the whole ID of its commit.',
  'pull-request-changed': 'The pull request has another commit than the approved one.',
  'pull-request-closed': 'The pull request is not open, or its branch is gone.',
} as const

export type ApprovalErrorCode = keyof typeof approvalErrors
