/** Codes of errors of the programs for a terminal, and what each means; docs/errors.md lists them. */
export const terminalErrors = {
  'option-malformed': 'A program is called with an option that it does not have, or with a value of the wrong form.',
  'answer-missing': 'A setting was neither given nor found, and there is no terminal to ask at, or `--yes` forbids to ask.',
  'memory-unreadable': '`.prebake.json` is not what this program writes.',
  'memory-unwritable': '`.prebake.json` cannot be written.',
  'run-active': 'Another run is under way in this folder.',
  'kubeconfig-not-found': 'There is no kubeconfig, so no cluster to work on.',
  'tool-missing': 'A program that setup-infra needs is not installed, or does not work.',
  'tool-failed': 'eksctl failed. The message has its last lines.',
  'cluster-unusable': 'The EKS cluster cannot be used: its creation failed, or it is being deleted.',
  'stack-failed': 'CloudFormation could not make or delete the stack. The message has its reasons.',
  'stack-unusable': 'The stack is in a state in which CloudFormation neither updates nor deletes it by itself.',
  'karpenter-missing': 'The cluster has no Karpenter.',
  'deployment-missing': 'The cluster has no Deployment of this name.',
  'demo-timeout': 'The pods of the demo were not ready at its limit.',
  'benchmark-failed': 'scale-benchmark failed. Its own error is in its output.',
  'teardown-incomplete': 'Something could not be deleted. The message names it.',
  'not-confirmed': 'The question whether to go on was answered with no.',
} as const

export type TerminalErrorCode = keyof typeof terminalErrors
