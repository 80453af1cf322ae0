import { listAt, parseGiB, readField, textAt, titleOf } from '@prebake/manifests'
import { judgeReaders, snapshotter } from '@prebake/snapshot-record'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { bakedNodeClasses, classesWithoutSnapshot } from '../../subject/baked-node-classes.ts'
import { snapshotterOf } from '../../subject/bottlerocket-settings.ts'
import { machineImagesOf, type MachineImage } from '../../subject/machine-images.ts'
import type { Located } from '../../subject/located.ts'
import { bakedVolumes, bakedVolumesOf, nodeClassesOf, snapshotOf, type NodeVolume } from '../../subject/node-classes.ts'
import { nodeClassNameOf } from '../../subject/node-pools.ts'
import { serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { placementsOf } from '../../subject/placements.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'
import { addSnapshot } from './add-snapshot.ts'

/** Nodes that do not mount the snapshot's volume, or remove or cannot read what is on it. */
export const wrongNodes: readonly Rule[] = [
  rule({
    id: 'live-node-class',
    severity: 'error',
    about:
      "The cluster's own EC2NodeClass, which a NodePool refers to, does not use the snapshot that is rolled out. Says what it needs, as a command.",
    needs: ['nodeClass'],
    each: classesWithoutSnapshot,
    judge: addSnapshot,
  }),
  rule({
    id: 'mixed-nodes',
    severity: 'warning',
    about: 'The pods of a server fit nodes of a NodePool with the snapshot and of another one without it.',
    each: mixedPools,
    judge: ({ pool, server }) => {
      const name = titleOf(server.object)
      const problem = `pods of ${name} fit its nodes too, and EC2NodeClass ${nodeClassNameOf(pool)} has no snapshot: there they start without the baked model and images.`
      return flaw(
        pool,
        'spec.template.spec.nodeClassRef',
        problem,
        'Refer to the NodeClass with the snapshot, or give its nodes a label that those pods do not select.',
      )
    },
  }),
  rule({
    id: 'data-device',
    severity: 'error',
    about: "The snapshot is not on `/dev/xvdb`, Bottlerocket's data volume.",
    each: bakedVolumes,
    judge: (volume) => {
      const { deviceName } = volume
      if (deviceName === undefined || deviceName === '/dev/xvdb') return undefined
      const problem = `the snapshot is on ${deviceName}; Bottlerocket keeps images and /mnt on /dev/xvdb and mounts no other volume by itself.`
      return flaw(volume, 'deviceName', problem, 'Set `deviceName: /dev/xvdb`.')
    },
  }),
  rule({
    id: 'not-bottlerocket',
    severity: 'error',
    about: 'The machine image is not Bottlerocket, the only one that mounts the data volume by itself.',
    each: bakedNodeClasses,
    judge: (nodeClass) =>
      machineImagesOf(nodeClass).flatMap(({ field, family }): (Flaw | Unjudged)[] => {
        if (family === 'bottlerocket') return []
        if (family === undefined) return [unjudged(nodeClass, field, 'whether this machine image is Bottlerocket is not known here')]
        const problem = `${family} does not mount the data volume of a Bottlerocket snapshot.`
        const named = /\.(?:id|tags)$/.test(field) ? 'spec.amiFamily' : field
        return [flaw(nodeClass, named, problem, 'Choose a Bottlerocket image, such as `alias: bottlerocket@v1.69.0`.')]
      }),
  }),
  rule({
    id: 'other-snapshotter',
    severity: 'error',
    about: 'userData chooses another snapshotter than the build used: Bottlerocket then removes all images at boot.',
    needs: ['snapshot'],
    each: bakedNodeClasses,
    judge: (nodeClass, subject) => {
      const chosen = snapshotterOf(nodeClass)
      return bakedVolumesOf(nodeClass, subject).flatMap((volume): Flaw[] => {
        const baked = snapshotOf(subject, volume)?.baked
        if (chosen === undefined || baked === undefined || baked.images.length === 0 || chosen === snapshotter) return []
        const problem = `the snapshotter is ${chosen}, and ${volume.snapshotId} was baked with ${snapshotter}: Bottlerocket removes its images at boot.`
        return [flaw(nodeClass, 'spec.userData', problem, `Leave \`snapshotter\` out, or set "${snapshotter}".`)]
      })
    },
  }),
  rule({
    id: 'older-nodes',
    severity: 'warning',
    about: "The nodes' Bottlerocket or containerd is older than the builder's: only the same or a newer containerd can read its data.",
    needs: ['snapshot'],
    each: bakedVolumes,
    judge: (volume, subject) =>
      machineImagesOf(volume).flatMap((image) => (image.family === 'bottlerocket' ? (judgeAge(volume, image, subject) ?? []) : [])),
  }),
  rule({
    id: 'root-volume-size',
    severity: 'warning',
    about: 'A root volume (`/dev/xvda`) of more than 4 GiB, on which Bottlerocket may make a second data partition.',
    each: bakedNodeClasses,
    judge: (nodeClass) =>
      listAt(nodeClass.object, 'spec.blockDeviceMappings').flatMap((mapping, index): Flaw[] => {
        const size = readField(mapping, 'ebs.volumeSize')
        if (textAt(mapping, 'deviceName') !== '/dev/xvda' || (parseGiB(size) ?? 0) <= 4) return []
        const problem = `${String(size)} is more than Bottlerocket needs, and a larger one can get a second data partition that competes with the snapshot's.`
        return [flaw(nodeClass, `spec.blockDeviceMappings[${index}].ebs.volumeSize`, problem, 'Set 4Gi.')]
      }),
  }),
]

/** NodePools of a NodeClass that is known to have no snapshot, whose nodes a server on a snapshot fits as well. */
function mixedPools(subject: PreflightSubject): readonly { readonly pool: Located; readonly server: Located }[] {
  const servers = new Set(serversOnSnapshots(subject).map(({ pod }) => pod))
  const known = new Set(nodeClassesOf(subject).map(({ object }) => object.metadata.name))
  return placementsOf(subject).flatMap(({ pod, pool, volume }) =>
    servers.has(pod) && volume === undefined && known.has(nodeClassNameOf(pool) ?? '') ? [{ pool, server: pod }] : [],
  )
}

function judgeAge(volume: NodeVolume, { field, release }: MachineImage, subject: PreflightSubject): Flaw | Unjudged | undefined {
  const { object, source, live, snapshotId } = volume
  const baked = snapshotOf(subject, volume)?.baked
  if (baked === undefined) return undefined
  const nodeClass = { object, source, live, path: '' }
  switch (judgeReaders({ bottlerocket: release, kubernetes: subject.cluster.version }, baked)) {
    case 'older-bottlerocket': {
      const problem = `nodes run Bottlerocket ${release}, and ${snapshotId} was written by ${baked.bottlerocket}: an older containerd may not read its images.`
      return flaw(nodeClass, field, problem, `Set \`bottlerocket@v${baked.bottlerocket}\` or newer.`)
    }
    case 'older-containerd': {
      const problem = `nodes of Kubernetes ${subject.cluster.version} run containerd 1 before Bottlerocket 1.69.0, and ${snapshotId} was written by containerd ${baked.containerd}.`
      return flaw(nodeClass, 'spec.amiSelectorTerms', problem, 'Build with the `kubernetes-version` of this cluster.')
    }
    case 'unknown':
      return release === undefined ? unjudged(nodeClass, field, 'which release of Bottlerocket this is, is not known here') : undefined
    case 'can-read':
      return undefined
  }
}
