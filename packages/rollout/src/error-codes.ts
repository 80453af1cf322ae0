/** Codes of the errors of a rollout, and what each means; docs/errors.md lists them. */
export const rolloutErrors = {
  'kind-unknown': 'The cluster does not know the kind of a document.',
  'document-refused': 'The API server refuses a document in a dry run. Nothing was applied.',
  'foreign-field-kept':
    'An EC2NodeClass keeps a field that its manifest leaves out, because another client has set it, and which hides the snapshot. Nothing was applied.',
  'apply-failed': 'A document that passed the dry run could not be applied.',
  'manifests-not-applied': 'In `mode: verify`, the cluster does not have what the manifests say at the limit.',
  'node-class-not-ready': 'An EC2NodeClass does not become Ready. The condition says what Karpenter or EC2 refuses.',
  'node-pool-not-ready': 'A NodePool does not become Ready.',
  'deployment-failed':
    'A Deployment, StatefulSet or other workload cannot be rolled out: its deadline is exceeded, a container crashes again and again, or a pod is on a wrong node.',
  'deployment-timeout': 'A Deployment, StatefulSet or other workload is not rolled out at the limit.',
  'pods-on-old-nodes':
    'Pods serve on nodes that were made before the EC2NodeClass or the NodePool changes, and nothing moves them. Where that is known before, nothing was applied.',
  'half-switched': 'NodePool and Deployment do not belong together, and neither version of the NodePool would. Its drift stays paused.',
  'copies-remain': 'Isolated copies, or nodes of theirs, are still there at the limit. The message says what they cost and what ends them.',
  'copy-nodes-remain': 'Empty nodes of an isolated copy have not gone at the limit, so that its next start would not be a cold one.',
  'spare-nodes-remain': 'Nodes that new pods could come on have not gone at the limit, so that a start would not be a cold one.',
  'rollout-superseded': 'Another client changes or deletes what this run rolls out. Nothing is rolled back.',
  'rollout-rolled-back': 'The rollout failed. What served before serves again.',
  'rollout-not-rolled-back': 'The rollout failed and was left as it is: `rollback: false`, or it changed no existing object.',
  'rollback-failed': 'The rollout failed, and so did the rollback.',
} as const

export type RolloutErrorCode = keyof typeof rolloutErrors
