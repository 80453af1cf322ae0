/** Codes of the errors of this action's own inputs and state, and what each means; docs/errors.md lists them. */
export const applyErrors = {
  'manifest-file-missing': '`manifests` names something that does not exist, or a folder or glob without YAML or JSON files.',
  'manifest-file-outside': '`manifests` names something outside the workspace, directly or by a link.',
  'manifest-file-unreadable': 'A file cannot be read, or is not UTF-8 text.',
  'output-folder-outside': '`output-folder` is outside the workspace, directly or by a link.',
  'snapshot-given-twice': '`snapshot-id` is given, and `SNAPSHOT_ID` under `variables` too.',
  'tags-without-latest': '`snapshot-tags` is given, but `snapshot-id` is not `latest`.',
  'dry-run-without-apply': '`dry-run` is given with a mode that changes nothing anyway.',
  'clear-rejection-without-snapshot': '`clear-rejection` is given without the ID of a snapshot.',
  'clear-rejection-without-apply': '`clear-rejection` is given in a run that changes nothing.',
  'rule-unknown': '`ignore-rules` names a rule that does not exist.',
  'paused-record-unreadable': 'After a run that was killed, the record of the NodePools that it paused cannot be read.',
} as const

export type ApplyErrorCode = keyof typeof applyErrors
