/** Codes of errors of a measurement, and what each means; docs/errors.md lists them. */
export const benchmarkErrors = {
  'replicas-not-increased': '`to` is not more than `from`.',
  'deployment-not-found': 'The namespace has no such Deployment.',
  'deployment-paused': 'The Deployment has `spec.paused`, so that no pod of it would start.',
  'deployment-held': 'Another run measures the Deployment, or was lost while it did. The hint says how to give it free.',
  'replicas-autoscaled': 'A HorizontalPodAutoscaler or ScaledObject sets the replicas of the Deployment.',
  'start-replicas-timeout': 'The Deployment did not reach `from` Ready replicas within `timeout`.',
  'pods-not-observed': 'The watches do not show the Ready pods; the role may lack list or watch.',
  'new-pods-timeout': 'Not all new pods were Ready within `timeout`. The report names the phase of each.',
  'benchmark-remains':
    'The cleanup at the end of the job failed. The message names what stays, what it costs and the command that ends it.',
  'mode-mismatch': 'An input is given that has no effect with this `candidate`.',
  'baseline-given-twice': '`baseline` and its former name `control` are both given.',
  'baseline-ambiguous':
    '`without-snapshot` stands in `baseline-manifests` beside paths, or with another input of a baseline, or the workspace has a path of this name.',
  'control-snapshot-missing': '`baseline-manifests: without-snapshot` is given, and no snapshot whose tags can be read.',
  'baseline-unusable': '`baseline` is not the report of an earlier run in the workspace or in RUNNER_TEMP.',
  'start-regressed': 'The start is slower than the baseline beyond noise, and `fail-on-regression` is set.',
} as const

export type BenchmarkErrorCode = keyof typeof benchmarkErrors
