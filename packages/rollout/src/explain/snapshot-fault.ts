import { listAt, textAt, textsAt, type Fields } from '@prebake/manifests'
import { isBelow, readImage, type SnapshotDescription } from '@prebake/preflight'

/** What a rollout may hold against a snapshot; everything else that goes wrong says nothing about it. */
export const snapshotFaults = {
  'volume-not-mountable': 'The folder of the models, which the pod mounts, is not on the volume.',
  'model-missing': 'vLLM does not find the model at the path at which the snapshot has it.',
  'model-unreadable': 'vLLM cannot read a file of the model.',
  'image-broken': 'containerd cannot make a container of the image that was baked, under the name under which it was baked.',
} as const

export type SnapshotFaultCause = keyof typeof snapshotFaults

export interface SnapshotFault {
  readonly snapshotId: string
  readonly cause: SnapshotFaultCause
  /** The kubelet's or vLLM's own words. */
  readonly evidence: string
}

/** The verdict in words, with what it rests on. */
export const describeSnapshotFault = ({ snapshotId, cause, evidence }: SnapshotFault): string =>
  `${snapshotId} is to blame (${cause}). ${snapshotFaults[cause]} ${evidence.replace(/\.?$/, '.')}`

/** A pod on a node whose data volume was made from the snapshot, and what is on record about it. */
export interface FailedPod {
  /** Its `spec`. */
  readonly spec: Fields
  /** Messages of its warning events, and of its containers that wait. */
  readonly messages: readonly string[]
  /** The end of the log of its containers that have crashed, by their names. */
  readonly logs: Readonly<Record<string, string>>
}

/** https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/volume/hostpath/host_path.go */
const notAFolder = /hostPath type check failed: (\S+) is not a (?:directory|file)/
/** Of containerd's CRI plugin and overlayfs snapshotter: what it has unpacked is not complete. A command that is not in the image reads otherwise. */
const layersBroken =
  /failed to stat parent|missing parent ".*" bucket|error unpacking image|failed to extract layer|failed to (?:mount|prepare|create) (?:rootfs|snapshot)|content digest \S+: not found|snapshot \S+ (?:does not exist|not found)|input\/output error|structure needs cleaning/i
/** Of vLLM, transformers and Python, in a line that names the path. */
const notThere =
  /No such file or directory|Invalid repository ID or local directory|Repo id must be in the form|does not appear to have a file|Unrecognized model in|Cannot find any model weights|Can't load|is not a local folder/i
const readErrors = /Input\/output error|Structure needs cleaning/i
/** Of the safetensors reader, which names no file. */
const shardErrors = /SafetensorError|Error while deserializing header/
const formatFlags = /^--(?:load-format|config-format|tokenizer-mode)$/
/** Formats whose files are not among those that are baked. */
const otherFormats = ['mistral', 'gguf', 'bitsandbytes', 'tensorizer', 'sharded_state']

/** What about the pod's failure is the snapshot's, held to what the snapshot's tags say is on it. Undefined: nothing speaks against it. */
export function findSnapshotFault(
  { spec, messages, logs }: FailedPod,
  { snapshotId, baked }: SnapshotDescription,
): SnapshotFault | undefined {
  if (baked === undefined) return undefined
  const { modelPath, images } = baked
  for (const evidence of messages) {
    const folder = notAFolder.exec(evidence)?.[1]
    if (folder !== undefined && modelPath !== undefined && isBelow(modelPath, folder))
      return { snapshotId, cause: 'volume-not-mountable', evidence }
    if (layersBroken.test(evidence) && listAt(spec, 'containers').some((container) => isBaked(container, images)))
      return { snapshotId, cause: 'image-broken', evidence }
  }
  for (const container of listAt(spec, 'containers')) {
    const path = modelPath && pathInside(modelPath, container, spec)
    const lines = (logs[textAt(container, 'name') ?? ''] ?? '').split('\n')
    if (path === undefined || !serves(container, path)) continue
    const missing = lines.find((line) => line.includes(path) && notThere.test(line))
    const broken = lines.find((line) => shardErrors.test(line) || (line.includes(path) && readErrors.test(line)))
    if (broken !== undefined) return { snapshotId, cause: 'model-unreadable', evidence: broken.trim() }
    if (missing !== undefined && !asksForOtherFormat(container)) return { snapshotId, cause: 'model-missing', evidence: missing.trim() }
  }
  return undefined
}

function isBaked(container: unknown, images: NonNullable<SnapshotDescription['baked']>['images']): boolean {
  const { name, tag, digest } = readImage(textAt(container, 'image') ?? '')
  return images.some((image) => image.name === name && (digest === undefined ? image.tag === tag : image.digest === digest))
}

/** Where the container has what lies at `path` on the node; undefined where no hostPath brings it in. */
function pathInside(path: string, container: unknown, spec: Fields): string | undefined {
  for (const mount of listAt(container, 'volumeMounts')) {
    const volume = listAt(spec, 'volumes').find((candidate) => textAt(candidate, 'name') === textAt(mount, 'name'))
    const folder = textAt(volume, 'hostPath.path')
    const mountPath = textAt(mount, 'mountPath')
    if (folder === undefined || mountPath === undefined || textAt(mount, 'subPath') !== undefined || !isBelow(path, folder)) continue
    return mountPath + path.slice(folder.length)
  }
  return undefined
}

/** Whether its command line or its environment names the path: another path that is not there is a fault of the arguments. */
function serves(container: unknown, path: string): boolean {
  const environment = listAt(container, 'env').flatMap((entry) => textAt(entry, 'value') ?? [])
  const words = [...textsAt(container, 'command'), ...textsAt(container, 'args'), ...environment].flatMap((text) => text.split(/[\s='"]+/))
  return words.some((word) => word.replace(/\/$/, '') === path)
}

function asksForOtherFormat(container: unknown): boolean {
  const words = [...textsAt(container, 'command'), ...textsAt(container, 'args')].flatMap((text) => text.split(/[\s=]+/))
  return words.some((word, index) => otherFormats.includes(word) && formatFlags.test(words[index - 1] ?? ''))
}
