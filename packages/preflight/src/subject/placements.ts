import type { Located } from './located.ts'
import { bakedVolumesOf, nodeClassesOf, type NodeVolume } from './node-classes.ts'
import { nodeClassNameOf, nodePoolsOf, serves } from './node-pools.ts'
import { requestsOf } from './pod-resources.ts'
import { podTemplatesOf, type PodTemplate } from './pod-templates.ts'
import { remember } from './remember.ts'
import type { PreflightSubject } from './subject.ts'

/** Pods of the manifests, and a NodePool on whose nodes they can run. */
export interface Placement {
  readonly pod: PodTemplate
  readonly pool: Located
  /** The baked volume that those nodes have, if they have one. */
  readonly volume: NodeVolume | undefined
}

type Searched = Pick<PreflightSubject, 'manifests' | 'facts' | 'snapshotId'>

/** Every pod with every NodePool on whose nodes it can run. */
export const placementsOf: (subject: Searched) => readonly Placement[] = remember((subject: Searched) => {
  const pools = nodePoolsOf(subject).map((pool) => ({ pool, volume: volumeOf(pool, subject) }))
  return podTemplatesOf(subject).flatMap((pod) =>
    pools.filter(({ pool }) => serves(pool, pod.spec)).map(({ pool, volume }): Placement => ({ pod, pool, volume })),
  )
})

function volumeOf(pool: Located, subject: Searched): NodeVolume | undefined {
  const name = nodeClassNameOf(pool)
  const nodeClass = nodeClassesOf(subject).find(({ object }) => object.metadata.name === name)
  return nodeClass === undefined ? undefined : bakedVolumesOf(nodeClass, subject)[0]
}

/** A pod with all of its placements. */
export interface PlacedPod {
  readonly pod: PodTemplate
  /** Never empty. */
  readonly placements: readonly Placement[]
}

/** Pods that some NodePool makes nodes for. */
export function placedPods(subject: Searched): readonly PlacedPod[] {
  return [...Map.groupBy(placementsOf(subject), ({ pod }) => pod)].map(([pod, placements]) => ({ pod, placements }))
}

/** Those that ask for whole GPUs. */
export const gpuPods: (subject: Searched) => readonly PlacedPod[] = remember((subject: Searched) =>
  placedPods(subject).filter(({ pod }) => requestsOf(pod).gpus > 0),
)

/** NodePools whose nodes have a volume from a snapshot. */
export function bakedPools(subject: Searched): readonly Located[] {
  const names = new Set(placementsOf(subject).flatMap(({ pool, volume }) => (volume === undefined ? [] : [pool.object.metadata.name])))
  return nodePoolsOf(subject).filter(({ object }) => names.has(object.metadata.name))
}
