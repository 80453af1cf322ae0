import type { Located } from './located.ts'
import { bakedVolumesOf, nodeClassesOf, type BakedVolume } from './node-classes.ts'
import { nodeClassNameOf, nodePoolsOf, serves } from './node-pools.ts'
import { podTemplatesOf, type PodTemplate } from './pod-templates.ts'
import type { PreflightSubject } from './subject.ts'

/** Pods of the manifests, and a NodePool whose nodes they can come to. */
export interface Placement {
  readonly pod: PodTemplate
  readonly pool: Located
  /** The volume from a snapshot that those nodes have, if they have one. */
  readonly volume: BakedVolume | undefined
}

type Looked = Pick<PreflightSubject, 'manifests' | 'facts'>

/** Half of the rules ask, and with hundreds of documents the answer takes a while. */
const known = new WeakMap<Looked, readonly Placement[]>()

export function placementsOf(subject: Looked): readonly Placement[] {
  const placements = known.get(subject) ?? findPlacements(subject)
  known.set(subject, placements)
  return placements
}

/** Pods that come to nodes with a volume from a snapshot. One that can come to several NodePools is there several times. */
export function bakedPodsOf(subject: Looked): readonly { readonly pod: PodTemplate; readonly volume: BakedVolume }[] {
  return placementsOf(subject).flatMap(({ pod, volume }) => (volume === undefined ? [] : [{ pod, volume }]))
}

function volumeOf(pool: Located, subject: Looked): BakedVolume | undefined {
  const name = nodeClassNameOf(pool)
  const nodeClass = nodeClassesOf(subject).find(({ object }) => object.metadata.name === name)
  return nodeClass === undefined ? undefined : bakedVolumesOf(nodeClass)[0]
}

function findPlacements(subject: Looked): readonly Placement[] {
  const pools = nodePoolsOf(subject).map((pool) => ({ pool, volume: volumeOf(pool, subject) }))
  return podTemplatesOf(subject).flatMap((pod) =>
    pools.filter(({ pool }) => serves(pool, pod.spec)).map(({ pool, volume }): Placement => ({ pod, pool, volume })),
  )
}
