/** Codes of errors of inputs, GitHub and the runner, and what each means; docs/errors.md lists them. */
export const actionErrors = {
  'input-missing': 'A required input is not given.',
  'input-malformed': 'The value of an input does not have the right form.',
  'input-unknown': 'The action has no such input; perhaps its name is misspelt.',
  'kubeconfig-missing': 'Neither `cluster-name`, `kubeconfig` nor `KUBECONFIG` is given.',
  'clock-rate-malformed': '`PREBAKE_CLOCK_RATE`, which only simulations set, is not a positive number.',
  'runner-file-unwritable': 'A file of the runner cannot be written; perhaps its disk is full.',
  'github-not-reached': 'There was no response from GitHub.',
  'github-token-refused': 'GitHub does not accept the token.',
  'github-permission-missing': 'The token lacks a permission. The hint names it.',
  'github-not-found': 'GitHub has no such resource, or the token cannot see it.',
  'github-rate-limited': "GitHub's rate limit is reached.",
  'github-unavailable': 'GitHub has a fault.',
  'github-response-malformed': 'A response does not have the form of GitHub; perhaps a proxy answered.',
  'proposed-file-refused': 'The file that a pull request is to change holds something other than variables, or is a folder.',
  'github-request-failed': 'GitHub refused a request for another reason. The message quotes it.',
} as const

export type ActionErrorCode = keyof typeof actionErrors
