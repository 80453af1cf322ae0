/** Keys of the tags on snapshots and builders. The tags on the snapshot are the truth; every other record of it is a pointer. */
export const tagKeys = {
  /** Of the run that made the resource: the one tag by which a cleanup finds it. */
  run: 'prebake:run',
  /** Of builders: `bake` or `verify`. */
  purpose: 'prebake:purpose',
  /** Of builders: when one has surely outlived its run, ISO 8601. */
  ends: 'prebake:ends',
  /** On a snapshot, of what lies on it; on a builder, of what it bakes or checks. */
  fingerprint: 'prebake:fingerprint',
  model: 'prebake:model',
  /** The commit of the model's repository. */
  revision: 'prebake:revision',
  /** Where a pod finds the model. */
  modelPath: 'prebake:model-path',
  architecture: 'prebake:architecture',
  /** Release of the builder's Bottlerocket: `1.69.0`. */
  bottlerocket: 'prebake:bottlerocket',
  kubernetes: 'prebake:kubernetes',
  /** Version of the builder's containerd, `2.3.1`; older snapshots have its major version alone. */
  containerd: 'prebake:containerd',
  /** `quick` or `full` after a check on a second instance; `failed` when that check failed. */
  verified: 'prebake:verified',
  /** Set when a rollout of the snapshot failed. */
  rejected: 'prebake:rejected',
} as const
