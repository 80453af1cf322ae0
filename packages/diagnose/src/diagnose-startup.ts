import { InputError, messageOf, PrebakeError } from '@prebake/kernel'
import { titleOf, type KubernetesObject } from '@prebake/manifests'
import type { PreflightPorts, SnapshotDescription } from '@prebake/preflight'
import {
  blameSnapshot,
  crashedContainers,
  nodeNameOf,
  podPhase,
  snapshotFaults,
  unlessUnreadable,
  type Cluster,
} from '@prebake/rollout/observe'
import type { DiagnoseErrorCode } from './error-codes.ts'
import type { Evidence } from './evidence.ts'
import { rankFindings, type Finding, type Symptom } from './finding.ts'
import { gatherScene, type Scene } from './gather-scene.ts'
import { judgeObjects, snapshotIdsOf } from './judge-objects.ts'
import { judgePreflight } from './judge-preflight.ts'
import { judgeTexts } from './judge-texts.ts'

export interface DiagnoseRequest {
  readonly namespace: string
  /** Name of a Deployment or a StatefulSet. */
  readonly deployment: string
}

/** Of the account nothing is needed; with it, snapshots, quotas and instance types are looked up too. */
export type DiagnosePorts = Omit<PreflightPorts, 'cluster'> & { readonly cluster: Cluster }

export interface Diagnosis {
  readonly workload: string
  /** `Ready`, `Pending`, `CrashLoopBackOff`, of each pod of the present version. */
  readonly pods: readonly { readonly pod: string; readonly phase: string; readonly node: string | undefined }[]
  /** Pods of the version before, which a rollout has not replaced yet; that is no failure. */
  readonly leftOver: readonly string[]
  /** Ranked. */
  readonly findings: readonly Finding[]
  readonly unread: readonly string[]
}

/**
 * Why pods are Pending, crashing or slow: gathers what cluster and account say, and judges it by rules. Changes nothing.
 * @throws InputError when there is no such workload; PrebakeError when the cluster cannot be reached
 */
export async function diagnoseStartup(request: DiagnoseRequest, ports: DiagnosePorts, signal: AbortSignal): Promise<Diagnosis> {
  return diagnoseWorkload(await findWorkload(request, ports.cluster, signal), ports, signal)
}

/** The same of a workload that was read, of any kind that has pods. */
export async function diagnoseWorkload(workload: KubernetesObject, ports: DiagnosePorts, signal: AbortSignal): Promise<Diagnosis> {
  const scene = await gatherScene(workload, ports.cluster, signal)
  const symptoms = symptomsOf(scene.pods)
  const unread = [...scene.unread]
  const snapshots = await describeSnapshots(scene, ports, signal)
  const checked = await judgePreflight(scene, symptoms, ports, signal).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof PrebakeError)) throw error
    return { findings: [], unread: [`The manifests in the cluster were not judged: ${messageOf(error)}`] }
  })
  unread.push(...checked.unread)
  const fill = (check: string, { object }: Evidence) => fillCheck(check, object, workload, snapshotIdsOf(scene.nodeClasses)[0])
  const words = judgeTexts(scene.evidence, symptoms, fill)
  const blamed = symptoms.has('crashing') ? await blameTheSnapshot(scene, ports, signal) : []
  // The same words, held to what the snapshot's tags say, have a cause already.
  const said = words.filter(({ rule }) => !blamed.some((finding) => blamedWords[finding.rule]?.includes(rule)))
  // A rule of the preflight and a program's words about the same cause have the same ID.
  const foreseen = checked.findings.filter(({ rule }) => !said.some((finding) => finding.rule === rule))
  const seen = symptoms.has('slow') ? judgeObjects(scene, snapshots) : []
  return {
    workload: titleOf(workload),
    pods: scene.pods.map((pod) => ({ pod: titleOf(pod), phase: podPhase(pod), node: nodeNameOf(pod) })),
    leftOver: scene.oldPods.map((pod) => `${titleOf(pod)}: ${podPhase(pod)}`),
    findings: rankFindings([
      ...blamed,
      ...said,
      ...seen.map((finding) => ({ ...finding, check: fillCheck(finding.check, '', workload, undefined) })),
      ...foreseen,
    ]),
    unread: [...new Set(unread)],
  }
}

async function findWorkload(
  { namespace, deployment: name }: DiagnoseRequest,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const reference = (kind: string) => ({ apiVersion: 'apps/v1', kind, name, namespace })
  const found =
    (await cluster.get(reference('Deployment'), signal)) ?? (await unlessUnreadable(cluster.get(reference('StatefulSet'), signal), signal))
  if (found !== undefined) return found
  const code = 'diagnosed-workload-missing' satisfies DiagnoseErrorCode
  const remedy = 'Give a name and a namespace that `kubectl get deployments,statefulsets --all-namespaces` shows.'
  throw new InputError([{ code, input: 'deployment', wrong: `there is no Deployment or StatefulSet ${namespace}/${name}.`, remedy }])
}

/** Without a pod that has a node nothing can crash; what is Ready may still be slow. */
function symptomsOf(pods: readonly KubernetesObject[]): ReadonlySet<Symptom> {
  const symptoms = new Set<Symptom>()
  if (pods.length === 0 || pods.some((pod) => nodeNameOf(pod) === undefined)) symptoms.add('pending')
  const placed = pods.filter((pod) => nodeNameOf(pod) !== undefined)
  const isStarting = (pod: KubernetesObject) => !['Ready', 'Terminating'].includes(podPhase(pod))
  if (placed.some((pod) => isStarting(pod) || crashedContainers(pod).length > 0)) symptoms.add('crashing')
  if (placed.length > 0) symptoms.add('slow')
  return symptoms
}

/** Rules whose words are those of a snapshot's fault. */
const blamedWords: Readonly<Record<string, readonly string[]>> = {
  'snapshot-volume-not-mountable': ['model-folder-absent'],
  'snapshot-model-missing': ['model-missing', 'wrong-revision', 'download-while-offline'],
  'snapshot-model-unreadable': ['model-unreadable'],
  'snapshot-image-broken': ['image-broken'],
}

/** The same verdict by which a rollout rejects a snapshot: what the kubelet or vLLM says, held to what the snapshot's tags say is on it. */
async function blameTheSnapshot({ pods }: Scene, { cluster, snapshots }: DiagnosePorts, signal: AbortSignal): Promise<readonly Finding[]> {
  const fault = await blameSnapshot(pods, { cluster, ...(snapshots && { snapshots }) }, signal)
  if (fault === undefined) return []
  const { snapshotId, cause, evidence } = fault
  return [
    {
      rule: `snapshot-${cause}`,
      symptom: 'crashing',
      cause: `${snapshotId} is at fault: ${snapshotFaults[cause]}`,
      remedy: 'Roll the snapshot from before out again, and build this one with `rebuild: true`.',
      check: `aws ec2 describe-snapshots --snapshot-ids ${snapshotId} --query "Snapshots[].Tags"`,
      evidence: [{ object: `Snapshot ${snapshotId}`, kind: 'status', text: evidence }],
      certainty: 3,
    },
  ]
}

async function describeSnapshots(
  { nodeClasses }: Scene,
  { snapshots }: DiagnosePorts,
  signal: AbortSignal,
): Promise<readonly SnapshotDescription[]> {
  const found: SnapshotDescription[] = []
  for (const id of snapshotIdsOf(nodeClasses)) {
    const one = await unlessUnreadable(snapshots?.describe(id, signal), signal)
    if (one !== undefined) found.push(one)
  }
  return found
}

/** `POD`, `NAME` and `SNAPSHOT_ID` of a command. */
function fillCheck(check: string, object: string, { kind, metadata }: KubernetesObject, snapshotId: string | undefined): string {
  const { name, namespace = 'default' } = metadata
  const own = kind.toLowerCase()
  const pod = /^Pod (?:[^/]+\/)?(.+)$/.exec(object)?.[1] ?? name
  return check
    .replaceAll('POD', `${pod} -n ${namespace}`)
    .replaceAll('deployment/NAME', `${own}/${name} -n ${namespace}`)
    .replaceAll('deployment NAME', `${own} ${name} -n ${namespace}`)
    .replaceAll('NAME', name)
    .replaceAll('SNAPSHOT_ID', snapshotId ?? 'SNAPSHOT_ID')
}
