import type { Form } from './form.ts'

/**
 * Every message of an event or a condition that the simulated cluster writes. Where each comes from stands in fixtures/kubernetes/messages.json;
 * a test holds the two together.
 */
export const messageForms = {
  // deployment controller
  scaledUpNew: 'Scaled up replica set {replicaSet} from 0 to {to}',
  scaledUp: 'Scaled up replica set {replicaSet} from {from} to {to}',
  scaledDown: 'Scaled down replica set {replicaSet} from {from} to {to}',
  newReplicaSetCreated: 'Created new replica set "{replicaSet}"',
  progressing: 'ReplicaSet "{replicaSet}" is progressing.',
  progressed: 'ReplicaSet "{replicaSet}" has successfully progressed.',
  timedOut: 'ReplicaSet "{replicaSet}" has timed out progressing.',
  available: 'Deployment has minimum availability.',
  unavailable: 'Deployment does not have minimum availability.',
  podCreated: 'Created pod: {pod}',
  podDeleted: 'Deleted pod: {pod}',
  // scheduler
  scheduled: 'Successfully assigned {namespace}/{pod} to {node}',
  unschedulable:
    '0/{nodes} nodes are available: {reasons}. preemption: 0/{nodes} nodes are available: {nodes} Preemption is not helpful for scheduling.',
  noNodes: 'no nodes available to schedule pods',
  // Karpenter
  nominatedClaim: 'Pod should schedule on: nodeclaim/{claim}',
  nominatedNode: 'Pod should schedule on: nodeclaim/{claim}, node/{node}',
  failedToSchedule: 'Failed to schedule pod, {problem}',
  incompatibleLabel:
    'incompatible with nodepool "{pool}", daemonset overhead={overhead}, incompatible requirements, label "{label}" does not have known values',
  intolerant: 'incompatible with nodepool "{pool}", daemonset overhead={overhead}, did not tolerate {taint}',
  noInstanceType:
    'incompatible with nodepool "{pool}", daemonset overhead={overhead}, no instance type satisfied resources {resources} and requirements {requirements}',
  limitsExceeded: 'all available instance types exceed limits for nodepool: "{pool}"',
  awaiting: 'object is awaiting reconciliation',
  nodeNotFound: 'Node not registered with cluster',
  nodeNotReady: 'Node status is NotReady',
  startupTaint: 'StartupTaint "{taint}" still exists',
  resourceNotRegistered: 'Resource "{resource}" was requested but not registered',
  nodeClassNotFound: 'NodeClass not found on cluster',
  nodeClassNotReady: 'NodeClass not ready',
  snapshotNotFound: "InvalidSnapshot.NotFound: The snapshot '{snapshot}' does not exist.",
  snapshotNotAvailable: 'InvalidBlockDeviceMapping: Snapshot {snapshot} is not available for use. Its current state is {state}',
  // kubelet
  kubeletReady: 'kubelet is posting ready status',
  kubeletNotReady:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
  containersUnready: 'containers with unready status: [{container}]',
  failedMount: 'MountVolume.SetUp failed for volume "{volume}" : hostPath type check failed: {path} is not a directory',
  layerMissing:
    'failed to create containerd container: failed to stat parent: stat /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/48/fs: no such file or directory',
  pulling: 'Pulling image "{image}"',
  pulled: 'Successfully pulled image "{image}" in {pull} ({total} including waiting). Image size: {bytes} bytes.',
  present: 'Container image "{image}" already present on machine',
  created: 'Created container: {container}',
  started: 'Started container {container}',
  backOff: 'Back-off restarting failed container {container} in pod {pod}_{namespace}({uid})',
  killing: 'Stopping container {container}',
} as const satisfies Record<string, Form>
