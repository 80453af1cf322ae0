import { listAt, nodeClassOf, snapshotVolumesOf, specOf, textAt, textOrNumberAt, titleOf, type KubernetesObject } from '@prebake/manifests'
import { readImage, type SnapshotDescription } from '@prebake/preflight'
import { imageReference } from '@prebake/snapshot-record'
import { nodeClassLabel, nodeNameOf } from '@prebake/rollout/observe'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Scene } from './gather-scene.ts'

/** What is read of several objects together: where the words of one say nothing. @param snapshots those that the NodeClasses name, as far as they can be read */
export function judgeObjects(scene: Scene, snapshots: readonly SnapshotDescription[]): readonly Finding[] {
  return [...volumeNotFromSnapshot(scene), ...pulledThoughBaked(scene, snapshots), ...slowWeights(scene), ...cpuLimit(scene)]
}

const slow = (
  rule: string,
  certainty: 1 | 2 | 3,
  cause: string,
  remedy: string,
  check: string,
  evidence: readonly Evidence[],
): readonly Finding[] => (evidence.length === 0 ? [] : [{ rule, symptom: 'slow', cause, remedy, check, evidence, certainty }])

/** Pods that mount the models' folder on nodes whose NodeClass names no snapshot. */
function volumeNotFromSnapshot({ pods, nodes, nodePools, nodeClasses }: Scene): readonly Finding[] {
  const evidence = pods.flatMap((pod): readonly Evidence[] => {
    const mounts = listAt(pod, 'spec.volumes').some((volume) => textAt(volume, 'hostPath.path')?.startsWith('/mnt/') === true)
    const node = nodes.find(({ metadata }) => metadata.name === nodeNameOf(pod))
    const name = node?.metadata.labels?.[nodeClassLabel]
    const nodeClass = nodeClasses.find(({ metadata }) => metadata.name === name)
    if (!mounts || node === undefined || nodeClass === undefined || snapshotVolumesOf(nodeClass).length > 0) return []
    const pools = nodePools.filter((pool) => nodeClassOf(pool) === name).map(titleOf)
    return [
      {
        object: titleOf(pod),
        kind: 'status',
        text: `${titleOf(node)} was made from ${titleOf(nodeClass)} (${pools.join(', ')}), which names no snapshot`,
      },
    ]
  })
  const remedy = 'Let the pods select nodes of the NodeClass with the snapshot, and replace these nodes.'
  return slow(
    'volume-not-from-snapshot',
    2,
    'The node’s data volume was not created from a snapshot.',
    remedy,
    'kubectl get nodes -L karpenter.k8s.aws/ec2nodeclass',
    evidence,
  )
}

/** Images that were pulled on nodes whose snapshot has one of the same name, with what differs. */
function pulledThoughBaked({ evidence, pods }: Scene, snapshots: readonly SnapshotDescription[]): readonly Finding[] {
  const baked = snapshots.flatMap((snapshot) => snapshot.baked?.images ?? [])
  const found = evidence.filter(({ text }) => /Successfully pulled image/.test(text))
  const pulled = found.flatMap((line): readonly Evidence[] => {
    const image = /Successfully pulled image "([^"]+)"/.exec(line.text)?.[1] ?? ''
    const isServer = pods.some((pod) => listAt(pod, 'spec.containers').some((container) => textAt(container, 'image') === image))
    const { name, tag, digest } = readImage(image)
    const same = baked.find((each) => each.name === name)
    if (!isServer || baked.length === 0) return []
    const why =
      same === undefined
        ? `the snapshot has ${baked.map(imageReference).join(', ')}: another name is another image to the kubelet`
        : digest !== undefined && digest !== same.digest
          ? `the snapshot has the digest ${same.digest}`
          : `the snapshot has ${same.name}:${same.tag ?? '(no tag)'}, the pod asks for ${tag ?? 'a digest'}`
    return [{ ...line, text: `${line.text} (${why})` }]
  })
  const remedy = 'Leave `VLLM_IMAGE` to apply-manifests: it takes name and digest from the snapshot’s tags.'
  return slow(
    'image-pulled-though-baked',
    3,
    'The image was pulled, although the snapshot has one.',
    remedy,
    'kubectl get events --field-selector reason=Pulled',
    pulled,
  )
}

/** Slower than any setting of a volume: 150 MiB/s. */
const slowestGiBps = 0.15

/** Weights that came more slowly than a filled volume gives them, by vLLM's own seconds and GiB. */
function slowWeights({ evidence }: Scene): readonly Finding[] {
  const logs = evidence.filter(({ kind }) => kind === 'log')
  const lines = logs.flatMap((line): readonly Evidence[] => {
    const seconds = Number(/Loading weights took ([\d.]+) seconds/.exec(line.text)?.[1])
    const size = logs.find(({ object, text }) => object === line.object && /Model loading took [\d.]+ Gi?B/.test(text))
    const gib = Number(/Model loading took ([\d.]+) Gi?B/.exec(size?.text ?? '')?.[1])
    return gib / seconds < slowestGiBps ? [{ ...line, text: `${line.text}: ${(gib / seconds).toFixed(2)} GiB/s` }] : []
  })
  const remedy =
    'Set `volumeInitializationRate: 300` in the EC2NodeClass, raise `throughput` and `iops`, or bake the model alone; plan-startup says what each gains.'
  const check =
    'aws ec2 describe-volume-status --filters Name=volume-status.status,Values=ok --query "VolumeStatuses[].InitializationStatusDetails"'
  return slow(
    'hydration-behind',
    2,
    'The weights came slowly from the volume: it was not filled yet, or its throughput is low.',
    remedy,
    check,
    lines,
  )
}

/** A limit of less than 4 CPUs: imports, compilation and profiling go by the CPU. */
function cpuLimit({ pods }: Scene): readonly Finding[] {
  const [pod] = pods
  if (pod === undefined) return []
  const evidence = listAt(specOf(pod), 'containers').flatMap((container): readonly Evidence[] => {
    const given = textOrNumberAt(container, 'resources.limits.cpu')
    const limit = given === undefined ? undefined : String(given)
    const cpus = limit === undefined ? Infinity : limit.endsWith('m') ? Number(limit.slice(0, -1)) / 1000 : Number(limit)
    return cpus < 4
      ? [{ object: titleOf(pod), kind: 'status', text: `container ${textAt(container, 'name')}: limits.cpu is ${limit}` }]
      : []
  })
  const check = "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].resources}'"
  return slow(
    'cpu-limit',
    1,
    'The container’s CPU limit slows its start.',
    'Remove `limits.cpu`, or set at least 4: a request is enough to schedule by.',
    check,
    evidence,
  )
}

/** Snapshots that NodeClasses name. */
export const snapshotIdsOf = (nodeClasses: readonly KubernetesObject[]): readonly string[] => [
  ...new Set(nodeClasses.flatMap((nodeClass) => snapshotVolumesOf(nodeClass).map(({ snapshotId }) => snapshotId))),
]
