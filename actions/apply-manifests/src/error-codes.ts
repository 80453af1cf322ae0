/** Codes of the errors of this action's own inputs and state, and what each means; docs/errors.md lists them. */
export const applyErrors = {
  'manifest-file-missing': '`manifests` names something that does not exist, or a folder or glob without YAML or JSON files.',
  'manifest-file-outside': '`manifests` names something outside the workspace, directly or by a link.',
  'manifest-file-unreadable': 'A file cannot be read, or is not UTF-8 text.',
  'build-tool-missing': '`manifests` names a kustomize folder or a Helm chart, and the runner has no tool that builds it.',
  'build-failed': '`kustomize`, `kubectl` or `helm` refuses a folder that `manifests` names.',
  'snapshot-not-used': 'No manifest uses the snapshot that is given. The log and a patch file show the least change that does.',
  'output-folder-outside': '`output-folder` is outside the workspace, directly or by a link.',
  'snapshot-given-twice': '`snapshot-id` is given, and `SNAPSHOT_ID` under `variables` too.',
  'snapshot-not-given': '`snapshot-id` is empty, and the manifests use `${SNAPSHOT_ID}`.',
  'snapshot-not-found': 'There is no such snapshot in this account and region.',
  'snapshot-unreadable': 'The tags of the snapshot cannot be read, and the manifests use variables that they would give.',
  'variable-contradicts-snapshot': 'A value under `variables`, or `model`, is not what the snapshot has.',
  'tags-without-latest': '`snapshot-tags` is given, but `snapshot-id` is not `latest`.',
  'dry-run-without-apply': '`dry-run` is given with a mode that changes nothing anyway.',
  'clear-rejection-without-snapshot': '`clear-rejection` is given without the ID of a snapshot.',
  'clear-rejection-without-apply': '`clear-rejection` is given in a run that changes nothing.',
  'rule-unknown': '`ignore-rules` names a rule that does not exist.',
  'rollout-record-unreadable': 'After a run that was cancelled or killed, the record of what its rollout began cannot be read.',
} as const

export type ApplyErrorCode = keyof typeof applyErrors
