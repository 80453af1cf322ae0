import { listAt, textAt } from '@prebake/manifests'
import type { BakedImage, BakeRecord } from '@prebake/snapshot-record'
import { hostPathsOf, isBelow, modelFolder } from './host-paths.ts'
import type { Located } from './located.ts'
import { snapshotOf, type NodeVolume } from './node-classes.ts'
import { placementsOf } from './placements.ts'
import { readImage, type PodImage } from './pod-image.ts'
import { gpuRequestOf } from './pod-resources.ts'
import type { Container, PodTemplate } from './pod-templates.ts'
import { remember } from './remember.ts'
import { serveArguments, type ServeArguments } from './serve-arguments.ts'
import type { PreflightSubject } from './subject.ts'

type Searched = Pick<PreflightSubject, 'manifests' | 'facts' | 'snapshotId'>

/** Pods on nodes with a volume from a snapshot. A pod that can run on several NodePools is there several times. */
export function podsOnSnapshots(subject: Searched): readonly { readonly pod: PodTemplate; readonly volume: NodeVolume }[] {
  return placementsOf(subject).flatMap(({ pod, volume }) => (volume === undefined ? [] : [{ pod, volume }]))
}

/** A container that starts vLLM on a node with a volume from a snapshot. */
export interface Server extends Container {
  readonly pod: PodTemplate
  readonly serve: ServeArguments
  readonly volume: NodeVolume
}

export const serversOnSnapshots: (subject: Searched) => readonly Server[] = remember((subject: Searched) =>
  podsOnSnapshots(subject).flatMap(({ pod, volume }) =>
    pod.containers.flatMap((container): Server[] => {
      const serve = container.role === 'init' ? undefined : serveArguments(container.fields)
      return serve === undefined ? [] : [{ ...container, pod, serve, volume }]
    }),
  ),
)

/** An image of a pod on a node with a volume from a snapshot: of a container, or of a volume. Located at what names it. */
export interface ImageOnSnapshot extends Located {
  /** `image` of a container, `reference` of a volume. */
  readonly field: string
  readonly pullPolicy: string | undefined
  readonly image: PodImage
  /** As it is written. */
  readonly text: string
  readonly snapshotId: string
  /** Undefined where the snapshot's content is unknown or has no images. */
  readonly baked: BakeRecord | undefined
  /** The images on the snapshot that have this name. */
  readonly namesakes: readonly BakedImage[]
  /** Whether it is meant to be on the snapshot. Sidecars, DaemonSets and servers of other models may share its nodes. */
  readonly usesSnapshot: boolean
}

interface NamedImage extends Pick<ImageOnSnapshot, 'object' | 'path' | 'source' | 'live' | 'field' | 'pullPolicy'> {
  readonly text: string | undefined
  readonly isServer: boolean
}

export function imagesOnSnapshots(subject: Searched): readonly ImageOnSnapshot[] {
  return podsOnSnapshots(subject).flatMap(({ pod, volume }) => {
    const content = snapshotOf(subject, volume)?.baked
    const baked = content !== undefined && content.images.length > 0 ? content : undefined
    return [...containerImages(pod), ...volumeImages(pod)].flatMap(({ text, isServer, ...place }): ImageOnSnapshot[] => {
      if (text === undefined) return []
      const image = readImage(text)
      const namesakes = baked?.images.filter(({ name }) => isSameName(name, image.name)) ?? []
      return [{ ...place, image, text, snapshotId: volume.snapshotId, baked, namesakes, usesSnapshot: isServer || namesakes.length > 0 }]
    })
  })
}

function containerImages(pod: PodTemplate): readonly NamedImage[] {
  return pod.containers.map((container) => {
    const isServer = container.role !== 'init' && (serveArguments(container.fields) !== undefined || readsModel(pod, container))
    const pullPolicy = textAt(container.fields, 'imagePullPolicy')
    return { ...container, field: 'image', text: textAt(container.fields, 'image'), pullPolicy, isServer }
  })
}

function volumeImages(pod: PodTemplate): readonly NamedImage[] {
  const { object, source, live } = pod
  return listAt(pod.spec, 'volumes').map((volume, index) => {
    const [text, pullPolicy] = [textAt(volume, 'image.reference'), textAt(volume, 'image.pullPolicy')]
    const path = `${pod.path}.volumes[${index}].image`
    return { object, source, live, path, field: 'reference', text, pullPolicy, isServer: false }
  })
}

/** A tag of EC2 has room for 256 characters, of which the digest takes 71: a longer name is cut in it. */
const isSameName = (baked: string, asked: string) => baked === asked || (baked.length >= 184 && asked.startsWith(baked))

/** Whether a container with a GPU mounts the folder of the baked model. */
function readsModel(pod: PodTemplate, { fields }: Container): boolean {
  const mounted = hostPathsOf(pod).filter(({ hostPath }) => isBelow(hostPath, modelFolder))
  const mounts = listAt(fields, 'volumeMounts').some((mount) => mounted.some(({ name }) => name === textAt(mount, 'name')))
  return mounts && gpuRequestOf(fields) !== undefined
}
