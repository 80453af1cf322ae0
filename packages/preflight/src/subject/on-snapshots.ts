import { textAt } from '@prebake/manifests'
import type { BakedContent } from '../ports/baked-content.ts'
import { snapshotOf, type NodeVolume } from './node-classes.ts'
import { placementsOf } from './placements.ts'
import { readImage, type PodImage } from './pod-image.ts'
import type { Container, PodTemplate } from './pod-templates.ts'
import { serveArguments, type ServeArguments } from './serve-arguments.ts'
import type { PreflightSubject } from './subject.ts'

type Searched = Pick<PreflightSubject, 'manifests' | 'facts'>

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
  readonly pod: PodTemplate
  readonly image: PodImage
  /** As it is written. */
  readonly text: string
  readonly snapshotId: string
  /** Undefined where the snapshot's content is unknown or has no images. */
  readonly baked: BakedContent | undefined
}

export function imagesOnSnapshots(subject: Searched): readonly ImageOnSnapshot[] {
  return podsOnSnapshots(subject).flatMap(({ pod, volume }) => {
    const content = snapshotOf(subject, volume)?.baked
    const baked = content !== undefined && content.images.length > 0 ? content : undefined
    return pod.containers.flatMap((container): ImageOnSnapshot[] => {
      const text = textAt(container.fields, 'image')
      if (text === undefined) return []
      return [{ ...container, pod, image: readImage(text), text, snapshotId: volume.snapshotId, baked }]
    })
  })
}
