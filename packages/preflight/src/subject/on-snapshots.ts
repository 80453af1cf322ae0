import { listAt, textAt } from '@prebake/manifests'
import type { BakedImage, BakeRecord } from '@prebake/snapshot-record'
import { hostPathsOf, isBelow, modelFolder } from './host-paths.ts'
import { snapshotOf, type NodeVolume } from './node-classes.ts'
import { placementsOf } from './placements.ts'
import { readImage, type PodImage } from './pod-image.ts'
import { requestsOf, type Container, type PodTemplate } from './pod-templates.ts'
import { serveArguments, type ServeArguments } from './serve-arguments.ts'
import type { PreflightSubject } from './subject.ts'

type Searched = Pick<PreflightSubject, 'manifests' | 'facts' | 'snapshotId'>

/** Pods on nodes with a volume from a snapshot. A pod that can run on several NodePools is there several times. */
export function podsOnSnapshots(subject: Searched): readonly { readonly pod: PodTemplate; readonly volume: NodeVolume }[] {
  return placementsOf(subject).flatMap(({ pod, volume }) => (volume === undefined ? [] : [{ pod, volume }]))
}

/** A container that starts vLLM on a node with a volume from a snapshot. */
export interface Server extends Container {
  readonly serve: ServeArguments
  readonly volume: NodeVolume
}

export function serversOnSnapshots(subject: Searched): readonly Server[] {
  return podsOnSnapshots(subject).flatMap(({ pod, volume }) =>
    pod.containers.flatMap((container): Server[] => {
      const serve = serveArguments(container.fields)
      return serve === undefined ? [] : [{ ...container, serve, volume }]
    }),
  )
}

/** A container's image on a node with a volume from a snapshot. */
export interface ImageOnSnapshot extends Container {
  readonly image: PodImage
  /** As it is written. */
  readonly text: string
  readonly snapshotId: string
  /** Undefined where the snapshot's content is unknown or has no images. */
  readonly baked: BakeRecord | undefined
  /** The images on the snapshot that have this name. */
  readonly namesakes: readonly BakedImage[]
  /** Whether the container is meant to use the snapshot. Sidecars, DaemonSets and servers of other models may share its nodes. */
  readonly usesSnapshot: boolean
}

export function imagesOnSnapshots(subject: Searched): readonly ImageOnSnapshot[] {
  return podsOnSnapshots(subject).flatMap(({ pod, volume }) => {
    const content = snapshotOf(subject, volume)?.baked
    const baked = content !== undefined && content.images.length > 0 ? content : undefined
    return pod.containers.flatMap((container): ImageOnSnapshot[] => {
      const text = textAt(container.fields, 'image')
      if (text === undefined) return []
      const image = readImage(text)
      const namesakes = baked?.images.filter(({ name }) => isSameName(name, image.name)) ?? []
      const usesSnapshot = serveArguments(container.fields) !== undefined || namesakes.length > 0 || readsModel(pod, container)
      return [{ ...container, image, text, snapshotId: volume.snapshotId, baked, namesakes, usesSnapshot }]
    })
  })
}

/** A tag of EC2 has room for 256 characters, of which the digest takes 71: a longer name is cut in it. */
const isSameName = (baked: string, asked: string) => baked === asked || (baked.length >= 184 && asked.startsWith(baked))

/** Whether a container with a GPU mounts the folder of the baked model. */
function readsModel(pod: PodTemplate, { fields }: Container): boolean {
  const mounted = hostPathsOf(pod).filter(({ hostPath }) => isBelow(hostPath, modelFolder))
  const mounts = listAt(fields, 'volumeMounts').some((mount) => mounted.some(({ name }) => name === textAt(mount, 'name')))
  return mounts && requestsOf({ spec: { containers: [fields] } }).gpus > 0
}
