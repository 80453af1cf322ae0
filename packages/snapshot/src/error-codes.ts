/** Codes of errors about snapshots, and what each means; docs/errors.md lists them. */
export const snapshotErrors = {
  'latest-missing': '`snapshot-id: latest`, but no snapshot is completed, verified and not rejected.',
  'latest-of-several-models': '`snapshot-id: latest` without `model`, and the snapshots have different models.',
} as const

export type SnapshotErrorCode = keyof typeof snapshotErrors
