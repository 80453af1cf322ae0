/** Codes of what keeps a set of manifests from using a snapshot, and what each means; docs/errors.md lists them. */
export const adoptErrors = {
  'auto-mode-without-snapshot': 'Pods run on a NodePool of EKS Auto Mode, whose NodeClass has no volume from a snapshot.',
  'workload-not-read': 'A kind makes its pods in a way of its own, so that their change is left to its author.',
  'other-model-served': 'A server serves another model than the one on the snapshot.',
  'model-place-taken': 'Something else than the snapshot is mounted where the baked model has to be.',
} as const

export type AdoptErrorCode = keyof typeof adoptErrors
