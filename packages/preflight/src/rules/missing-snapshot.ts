import type { Fault } from '../finding.ts'
import { faultAt, type Located } from '../subject/located.ts'
import { bakedVolumesOf, nodeClassesOf } from '../subject/node-classes.ts'
import { nodeClassNameOf } from '../subject/node-pools.ts'
import { placementsOf } from '../subject/placements.ts'
import { requestsOf } from '../subject/pod-templates.ts'
import { listAt, textAt } from '@prebake/manifests'
import type { PreflightSubject } from '../subject/subject.ts'

/** The cluster's own NodeClasses whose nodes the GPU pods come to, where none of those that they can come to has the snapshot that is rolled out. */
export function classesWithoutSnapshot(subject: PreflightSubject): readonly Located[] {
  const { snapshotId } = subject
  if (snapshotId === undefined) return []
  const byPod = Map.groupBy(
    placementsOf(subject).filter(({ pod }) => requestsOf(pod).gpus > 0),
    ({ pod }) => pod.workload.source,
  )
  const classes = nodeClassesOf(subject)
  const lacking = [...byPod.values()].flatMap((placements) => {
    const names = placements.map(({ pool }) => nodeClassNameOf(pool))
    const reached = classes.filter(({ object }) => names.includes(object.metadata.name))
    const has = reached.some((nodeClass) => bakedVolumesOf(nodeClass).some((volume) => volume.snapshotId === snapshotId))
    return has ? [] : reached.filter(({ live }) => live)
  })
  return classes.filter((nodeClass) =>
    lacking.some(({ object }) => object.metadata.name === nodeClass.object.metadata.name && nodeClass.live),
  )
}

/** What a NodeClass of the user's own needs so that its nodes have the snapshot, as a command that changes nothing else. */
export function missingSnapshot(nodeClass: Located, wanted: string): Fault {
  const baked = bakedVolumesOf(nodeClass)
  const name = nodeClass.object.metadata.name
  const mappings = listAt(nodeClass.object, 'spec.blockDeviceMappings')
  const index = mappings.findIndex((mapping) => textAt(mapping, 'deviceName') === '/dev/xvdb')
  const patch = (operation: object) => `kubectl patch ec2nodeclass ${name} --type=json -p='${JSON.stringify([operation])}'`
  if (index >= 0) {
    const reason = `its data volume is made from ${baked[0]?.snapshotId ?? 'no snapshot'}, and ${wanted} is to be rolled out.`
    const path = `/spec/blockDeviceMappings/${index}/ebs/snapshotID`
    const remedy = `The one change that it needs: \`${patch({ op: 'add', path, value: wanted })}\`.`
    return faultAt(nodeClass, `spec.blockDeviceMappings[${index}].ebs.snapshotID`, reason, remedy)
  }
  // Mappings that are given replace Karpenter's own, so that the root volume has to be there too.
  const volume = (deviceName: string, ebs: object) => ({ deviceName, ebs: { volumeType: 'gp3', ...ebs } })
  const data = volume('/dev/xvdb', { snapshotID: wanted, volumeSize: '150Gi', iops: 3000, throughput: 600, volumeInitializationRate: 300 })
  const operation =
    mappings.length > 0
      ? { op: 'add', path: '/spec/blockDeviceMappings/-', value: data }
      : { op: 'add', path: '/spec/blockDeviceMappings', value: [volume('/dev/xvda', { volumeSize: '4Gi' }), data] }
  const reason = `it has no data volume of its own, and ${wanted} is to be rolled out.`
  return faultAt(nodeClass, 'spec.blockDeviceMappings', reason, `The one change that it needs: \`${patch(operation)}\`.`)
}
