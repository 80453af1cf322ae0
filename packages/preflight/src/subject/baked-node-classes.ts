import type { Located } from './located.ts'
import { bakedVolumesOf, nodeClassesOf, volumesOf } from './node-classes.ts'
import { nodeClassNameOf } from './node-pools.ts'
import { allowedTypes } from './allowed-types.ts'
import { gpuPods } from './placements.ts'
import type { PreflightSubject } from './subject.ts'

/** NodeClasses that have a baked volume, or need one. */
export function bakedNodeClasses(subject: PreflightSubject): readonly Located[] {
  const lacking = new Set(classesWithoutSnapshot(subject).map(({ object }) => object))
  return nodeClassesOf(subject).filter((nodeClass) => bakedVolumesOf(nodeClass, subject).length > 0 || lacking.has(nodeClass.object))
}

/**
 * The cluster's own NodeClasses for GPU pods that cannot get the snapshot that is rolled out: none of the NodeClasses that their nodes may be made from
 * uses it.
 */
export function classesWithoutSnapshot(subject: Pick<PreflightSubject, 'manifests' | 'facts' | 'snapshotId'>): readonly Located[] {
  const { snapshotId } = subject
  if (snapshotId === undefined) return []
  const classes = nodeClassesOf(subject)
  const lacking = gpuPods(subject).flatMap(({ placements }) => {
    const names = placements.map(({ pool }) => nodeClassNameOf(pool))
    const reached = classes.filter(({ object }) => names.includes(object.metadata.name))
    const has = reached.some((nodeClass) => volumesOf(nodeClass).some((volume) => volume.snapshotId === snapshotId))
    return has ? [] : reached.filter(({ live }) => live)
  })
  return classes.filter(({ object }) => lacking.some((nodeClass) => nodeClass.object === object))
}

/** Architectures of the instance types that GPU pods may get from this NodeClass: `amd64`, `arm64`. */
export function gpuArchitectures({ object }: Located, subject: PreflightSubject): readonly string[] {
  const types = gpuPods(subject).flatMap(({ pod, placements }) =>
    placements
      .filter(({ pool }) => nodeClassNameOf(pool) === object.metadata.name)
      .flatMap(({ pool }) => allowedTypes(pool, pod.spec, subject.instanceTypes).types),
  )
  return [...new Set(types.map(({ architecture }) => architecture))]
}
