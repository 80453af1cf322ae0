import { nodeClassKind, snapshotVolumesOf, specOf, textAt, type KubernetesObject } from '@prebake/manifests'
import type { SnapshotDescription } from '@prebake/preflight'
import { nodeClassLabel, nodePoolLabel } from '../observe/karpenter-names.ts'
import { listReadable } from '../observe/list-readable.ts'
import { crashedContainers, nodeNameOf, podPhase, waitingMessages } from '../observe/pod-status.ts'
import { unlessUnreadable } from '../observe/unless-unreadable.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findSnapshotFault, type FailedPod, type SnapshotFault } from './snapshot-fault.ts'

/** Enough for a Python stack trace and what led to it. */
const tailLines = 200

type Ports = Pick<RollOutPorts, 'cluster' | 'snapshots'>

/**
 * What of a failed rollout is the fault of the snapshot that the pods' nodes were made from, by what the kubelet and vLLM say of them. It has to be asked
 * before a rollback deletes the pods.
 * @param pods of the template that failed, all of one namespace.
 * @returns undefined where nothing speaks against a snapshot, or where what would cannot be read: a verdict needs evidence.
 */
export async function blameSnapshot(
  pods: readonly KubernetesObject[],
  ports: Ports,
  signal: AbortSignal,
): Promise<SnapshotFault | undefined> {
  const failed = pods.filter((pod) => nodeNameOf(pod) !== undefined && !['Ready', 'Terminating'].includes(podPhase(pod)))
  if (failed.length === 0 || ports.snapshots === undefined) return undefined
  const nodes = await listReadable(ports.cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: nodePoolLabel }, signal)
  if ('unreadable' in nodes) return undefined
  const events = await listReadable(ports.cluster, { apiVersion: 'v1', kind: 'Event', namespace: namespaceOf(failed[0]) }, signal)
  const warnings = 'unreadable' in events ? [] : events.items.filter((event) => textAt(event, 'type') === 'Warning')
  const known = new Map<string, readonly SnapshotDescription[]>()
  for (const pod of failed) {
    const node = nodes.items.find(({ metadata }) => metadata.name === nodeNameOf(pod))
    const nodeClass = node?.metadata.labels?.[nodeClassLabel]
    if (nodeClass === undefined) continue
    const snapshots = known.get(nodeClass) ?? (await snapshotsOf(nodeClass, ports, signal))
    known.set(nodeClass, snapshots)
    if (snapshots.length === 0) continue
    const evidence = await readEvidence(pod, warnings, ports, signal)
    for (const snapshot of snapshots) {
      const fault = findSnapshotFault(evidence, snapshot)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

async function snapshotsOf(name: string, { cluster, snapshots }: Ports, signal: AbortSignal): Promise<readonly SnapshotDescription[]> {
  const nodeClass = await unlessUnreadable(cluster.get({ ...nodeClassKind, name }, signal), signal)
  const ids = nodeClass === undefined ? [] : snapshotVolumesOf(nodeClass).map(({ snapshotId }) => snapshotId)
  const described = await Promise.all(ids.map((id) => unlessUnreadable(snapshots?.describe(id, signal), signal)))
  return described.filter((each) => each !== undefined)
}

const namespaceOf = (pod: KubernetesObject | undefined): string => pod?.metadata.namespace ?? 'default'

async function readEvidence(
  pod: KubernetesObject,
  warnings: readonly KubernetesObject[],
  { cluster }: Ports,
  signal: AbortSignal,
): Promise<FailedPod> {
  const { name } = pod.metadata
  const own = warnings.filter((event) => isAbout(pod, event))
  const messages = [...own.flatMap((event) => textAt(event, 'message') ?? []), ...waitingMessages(pod)]
  const logs: Record<string, string> = {}
  for (const container of crashedContainers(pod)) {
    const reference = { name, namespace: namespaceOf(pod), container }
    const read = (previous: boolean) => unlessUnreadable(cluster.log(reference, { previous, tailLines }, signal), signal)
    logs[container] = (await read(true)) ?? (await read(false)) ?? ''
  }
  return { spec: specOf(pod), messages, logs }
}

/** An event keeps its object's uid, so that a pod of the same name from before is not meant. */
function isAbout({ metadata }: KubernetesObject, event: KubernetesObject): boolean {
  const uid = textAt(event, 'involvedObject.uid')
  return (
    textAt(event, 'involvedObject.kind') === 'Pod' &&
    textAt(event, 'involvedObject.name') === metadata.name &&
    (uid === undefined || uid === metadata.uid)
  )
}
