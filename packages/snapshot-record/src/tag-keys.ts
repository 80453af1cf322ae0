/** Keys of the tags on snapshots and builders. The tags on the snapshot are the truth; every other record of it is a pointer. */
export const tagKeys = {
  /** The run that created the resource. Cleanups find resources by this tag. */
  run: 'prebake:run',
  /** Of builders: `bake` or `verify`. */
  purpose: 'prebake:purpose',
  /** Of builders: the time after which one has certainly outlived its run, ISO 8601. */
  ends: 'prebake:ends',
  /** On a snapshot, of its content; on a builder, of what it bakes or verifies. */
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
  /** Version of the builder's containerd, `2.3.1`; older snapshots have only its major version. */
  containerd: 'prebake:containerd',
  /** `quick` or `full` after a verification on a second instance; `failed` if that failed. */
  verified: 'prebake:verified',
  /** The snapshot that was published before this one: the way back. */
  previous: 'prebake:previous',
  /** Set when a rollout of the snapshot failed. */
  rejected: 'prebake:rejected',
} as const
