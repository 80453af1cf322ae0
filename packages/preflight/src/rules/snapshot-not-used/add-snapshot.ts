import { listAt, textAt } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import type { Located } from '../../subject/located.ts'
import { volumesOf } from '../../subject/node-classes.ts'

/** What a NodeClass of the user's own needs so that its nodes get the snapshot, as a command that changes nothing else. */
export function addSnapshot(nodeClass: Located, snapshotId: string): Flaw {
  const name = nodeClass.object.metadata.name
  const mappings = listAt(nodeClass.object, 'spec.blockDeviceMappings')
  const index = mappings.findIndex((mapping) => textAt(mapping, 'deviceName') === '/dev/xvdb')
  const patch = (operation: object) =>
    `The one change that it needs: \`kubectl patch ec2nodeclass ${name} --type=json -p='${JSON.stringify([operation])}'\`.`
  if (index >= 0) {
    const [baked] = volumesOf(nodeClass)
    const problem = `its data volume is made from ${baked?.snapshotId ?? 'no snapshot'}, and ${snapshotId} is to be rolled out.`
    const path = `/spec/blockDeviceMappings/${index}/ebs/snapshotID`
    const fix = patch({ op: 'add', path, value: snapshotId })
    return flaw(nodeClass, `spec.blockDeviceMappings[${index}].ebs.snapshotID`, problem, fix)
  }
  const volume = (deviceName: string, ebs: object) => ({ deviceName, ebs: { volumeType: 'gp3', ...ebs } })
  const performance = { iops: 3000, throughput: 600, volumeInitializationRate: 300 }
  const data = volume('/dev/xvdb', { snapshotID: snapshotId, volumeSize: '150Gi', ...performance })
  // Mappings that are given replace Karpenter's own, so the root volume has to be there too.
  const operation =
    mappings.length > 0
      ? { op: 'add', path: '/spec/blockDeviceMappings/-', value: data }
      : { op: 'add', path: '/spec/blockDeviceMappings', value: [volume('/dev/xvda', { volumeSize: '4Gi' }), data] }
  const problem = `it has no data volume of its own, and ${snapshotId} is to be rolled out.`
  return flaw(nodeClass, 'spec.blockDeviceMappings', problem, patch(operation))
}
