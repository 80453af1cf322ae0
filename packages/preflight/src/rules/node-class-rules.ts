import { isOlder } from '../subject/compare-versions.ts'
import { isAbsent, valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { faultAt } from '../subject/located.ts'
import { aliasOf, allBakedVolumes, bakedVolumesOf, nodeClassesOf } from '../subject/node-classes.ts'
import { nodeClassNameOf, nodePoolsOf } from '../subject/node-pools.ts'
import { classesWithoutSnapshot, missingSnapshot } from './missing-snapshot.ts'
import { listAt, numberAt, parseGiB, readField, textAt } from '@prebake/manifests'
import type { PreflightSubject } from '../subject/subject.ts'

/** NodeClasses that have a volume from a snapshot, or are told to get one; others are nobody's business here. */
const bakedClasses = (subject: PreflightSubject) => {
  const lacking = classesWithoutSnapshot(subject)
  return nodeClassesOf(subject).filter((nodeClass) => bakedVolumesOf(nodeClass).length > 0 || lacking.includes(nodeClass))
}

/** EC2NodeClasses as a whole. */
export const nodeClassRules: readonly Rule[] = [
  {
    id: 'node-class-missing',
    severity: 'error',
    about: 'A NodePool refers to an EC2NodeClass that is neither in the manifests nor in the cluster.',
    needs: ['nodeClass'],
    judge: (subject) =>
      nodePoolsOf(subject).flatMap((pool): Fault[] => {
        const name = nodeClassNameOf(pool)
        if (pool.live || name === undefined || !isAbsent(subject.facts.nodeClass[name])) return []
        const reason = `EC2NodeClass ${name} is neither in the manifests nor in the cluster.`
        return [faultAt(pool, 'spec.template.spec.nodeClassRef.name', reason, 'Add it to the manifests, or name one that is there.')]
      }),
  },
  {
    id: 'live-node-class',
    severity: 'error',
    about:
      "The cluster's own EC2NodeClass, to which a NodePool refers, has not the snapshot that is rolled out. Says the one change that it needs.",
    needs: ['nodeClass'],
    judge: (subject) => classesWithoutSnapshot(subject).map((nodeClass) => missingSnapshot(nodeClass, subject.snapshotId ?? '')),
  },
  {
    id: 'instance-store-raid0',
    severity: 'error',
    about: '`instanceStorePolicy: RAID0` mounts the instance store over the images of the snapshot.',
    judge: (subject) =>
      bakedClasses(subject).flatMap((nodeClass): Fault[] => {
        if (readField(nodeClass.object, 'spec.instanceStorePolicy') !== 'RAID0') return []
        const reason = 'the instance store is mounted over /var/lib/containerd, which hides the images of the snapshot.'
        return [faultAt(nodeClass, 'spec.instanceStorePolicy', reason, 'Leave `instanceStorePolicy` out.')]
      }),
  },
  {
    id: 'other-snapshotter',
    severity: 'error',
    about: 'userData chooses another snapshotter than the baked one: Bottlerocket then removes all images at boot.',
    needs: ['snapshot'],
    judge: (subject) =>
      bakedClasses(subject).flatMap((nodeClass): Fault[] => {
        const asked = snapshotterOf(textAt(nodeClass.object, 'spec.userData') ?? '')
        return bakedVolumesOf(nodeClass).flatMap(({ snapshotId }): Fault[] => {
          const baked = valueOf(subject.facts.snapshot[snapshotId])?.baked
          if (asked === undefined || baked === undefined || baked.images.length === 0 || asked === baked.snapshotter) return []
          const reason = `the snapshotter is ${asked}, and ${snapshotId} was baked with ${baked.snapshotter}: Bottlerocket removes its images at boot.`
          return [faultAt(nodeClass, 'spec.userData', reason, `Leave \`snapshotter\` out, or set "${baked.snapshotter}".`)]
        })
      }),
  },
  {
    id: 'not-bottlerocket',
    severity: 'error',
    about: 'The machine image is not Bottlerocket, which alone mounts the data volume by itself.',
    judge: (subject) =>
      bakedClasses(subject).flatMap((nodeClass): Fault[] => {
        const alias = aliasOf(nodeClass)
        const family = alias?.family ?? textAt(nodeClass.object, 'spec.amiFamily')
        if (family === undefined || ['bottlerocket', 'custom'].includes(family.toLowerCase())) return []
        const reason = `${family} does not mount the data volume of a Bottlerocket snapshot.`
        const field = alias === undefined ? 'spec.amiFamily' : 'spec.amiSelectorTerms[0].alias'
        return [faultAt(nodeClass, field, reason, 'Choose a Bottlerocket image, such as `alias: bottlerocket@v1.57.0`.')]
      }),
  },
  {
    id: 'bottlerocket-latest',
    severity: 'warning',
    about: '`bottlerocket@latest`: every release of Bottlerocket replaces every node, at a time that nobody chose.',
    judge: (subject) =>
      bakedClasses(subject).flatMap((nodeClass): Fault[] => {
        if (aliasOf(nodeClass)?.version !== 'latest') return []
        const reason =
          'every release of Bottlerocket replaces every node, each pod gone before its successor is ready, and nobody has tried it with this snapshot.'
        return [faultAt(nodeClass, 'spec.amiSelectorTerms[0].alias', reason, 'Name a release, such as `bottlerocket@v1.57.0`.')]
      }),
  },
  {
    id: 'older-nodes',
    severity: 'warning',
    about:
      "The nodes' Bottlerocket or containerd is older than the builder's: containerd's data can be read by the same or a newer one only.",
    needs: ['snapshot'],
    judge: olderNodes,
  },
  {
    id: 'root-volume-size',
    severity: 'warning',
    about: 'A root volume (`/dev/xvda`) of more than 4 GiB, on which Bottlerocket may make a second data partition.',
    judge: (subject) =>
      bakedClasses(subject).flatMap((nodeClass) =>
        listAt(nodeClass.object, 'spec.blockDeviceMappings').flatMap((mapping, index): Fault[] => {
          const size = readField(mapping, 'ebs.volumeSize')
          if (textAt(mapping, 'deviceName') !== '/dev/xvda' || (parseGiB(size) ?? 0) <= 4) return []
          const reason = `${String(size)} is more than Bottlerocket needs, and a larger one can get a second data partition that competes with the snapshot's.`
          return [faultAt(nodeClass, `spec.blockDeviceMappings[${index}].ebs.volumeSize`, reason, 'Set 4Gi.')]
        }),
      ),
  },
  {
    id: 'crd-without-rate',
    severity: 'error',
    about: 'The CRD of the cluster does not know `volumeInitializationRate`, which came with Karpenter 1.5.',
    needs: ['nodeClassSchema'],
    judge: (subject) =>
      allBakedVolumes(subject).flatMap(({ nodeClass, ebs, path }): Fault[] => {
        const schema = valueOf(subject.facts.nodeClassSchema[''])
        if (numberAt(ebs, 'volumeInitializationRate') === undefined || schema?.volumeInitializationRate !== false) return []
        const reason = "the cluster's EC2NodeClass does not know this field: it came with Karpenter 1.5."
        const remedy = 'Update Karpenter with its CRDs to 1.5 or newer, or leave the field out.'
        return [faultAt(nodeClass, `${path}.ebs.volumeInitializationRate`, reason, remedy)]
      }),
  },
]

function olderNodes(subject: PreflightSubject): readonly Fault[] {
  return allBakedVolumes(subject).flatMap(({ nodeClass, snapshotId }): Fault[] => {
    const baked = valueOf(subject.facts.snapshot[snapshotId])?.baked
    if (baked === undefined || baked.images.length === 0) return []
    const version = aliasOf(nodeClass)?.version.replace(/^v/, '')
    if (version !== undefined && baked.bottlerocket !== undefined && isOlder(version, baked.bottlerocket)) {
      const reason = `nodes run Bottlerocket ${version}, and ${snapshotId} was written by ${baked.bottlerocket}: an older containerd may not read its images.`
      return [faultAt(nodeClass, 'spec.amiSelectorTerms[0].alias', reason, `Set \`bottlerocket@v${baked.bottlerocket}\` or newer.`)]
    }
    // Bottlerocket's variants have containerd 2 from Kubernetes 1.33 on (bottlerocket#4515).
    const minor = Number(subject.cluster.version?.split('.')[1] ?? Number.NaN)
    if (baked.containerdMajor !== 2 || Number.isNaN(minor) || minor >= 33) return []
    const reason = `nodes of Kubernetes ${subject.cluster.version} run containerd 1, and ${snapshotId} was written by containerd 2.`
    return [faultAt(nodeClass, 'spec.amiSelectorTerms', reason, 'Build with the `kubernetes-version` of this cluster.')]
  })
}

/** The snapshotter that Bottlerocket's settings choose; undefined where they leave it as it is. */
function snapshotterOf(userData: string): string | undefined {
  const lines = userData.split('\n').filter((line) => !/^\s*#/.test(line))
  return /(?:^|[.{,\s])snapshotter\s*=\s*["']([^"']+)["']/.exec(lines.join('\n'))?.[1]
}
