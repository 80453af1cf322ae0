import { fieldsOf, listAt, numberAt, parseGiB, readField, textAt, type Fields } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { valueOf } from '../../ports/fact.ts'
import type { SnapshotDescription } from '../../ports/snapshot-facts.ts'
import type { Located } from '../../subject/located.ts'
import { machineImagesOf } from '../../subject/machine-images.ts'
import { volumesOf } from '../../subject/node-classes.ts'
import type { PreflightSubject } from '../../subject/subject.ts'

const dataDevice = '/dev/xvdb'
const performance = { volumeType: 'gp3', iops: 3000, throughput: 600, volumeInitializationRate: 300 }

/** What a NodeClass of the user's own needs so that its nodes get the snapshot, as a command that changes nothing else. */
export function addSnapshot(nodeClass: Located, { facts, snapshotId = '' }: PreflightSubject): Flaw {
  const { object } = nodeClass
  const mappings = listAt(object, 'spec.blockDeviceMappings').map(fieldsOf)
  const index = mappings.findIndex((mapping) => textAt(mapping, 'deviceName') === dataDevice)
  const [present] = volumesOf(nodeClass)
  const problem =
    index < 0
      ? `it has no data volume of its own, and ${snapshotId} is to be rolled out.`
      : `its data volume is made from ${present?.snapshotId ?? 'no snapshot'}, and ${snapshotId} is to be rolled out.`
  const field = index < 0 ? 'spec.blockDeviceMappings' : `spec.blockDeviceMappings[${index}].ebs.snapshotID`
  if (machineImagesOf(nodeClass).some(({ family }) => family !== undefined && family !== 'bottlerocket')) {
    const fix =
      'Its machine image would have to change too: give these pods a NodePool and an EC2NodeClass of their own, such as those in deploy/vllm.'
    return flaw(nodeClass, field, problem, fix)
  }
  const data = {
    deviceName: dataDevice,
    ebs: dataVolume(fieldsOf(mappings[index]?.['ebs']), snapshotId, valueOf(facts.snapshot[snapshotId])),
  }
  // Mappings that are given replace Karpenter's own, so the root volume has to be there too.
  const root = { deviceName: '/dev/xvda', ebs: { volumeType: 'gp3', volumeSize: '4Gi' } }
  const others = mappings.length === 0 ? [root] : mappings
  const blockDeviceMappings = index < 0 ? [...others, data] : mappings.with(index, { ...mappings[index], ...data })
  const covers = readField(object, 'spec.instanceStorePolicy') !== undefined
  const spec = { blockDeviceMappings, ...(covers && { instanceStorePolicy: null }) }
  const size = data.ebs['volumeSize']
  const words = `\`snapshotID\` on ${dataDevice}, with \`volumeSize: ${String(size)}\`${covers ? ' and without `instanceStorePolicy`' : ''}`
  const command = `kubectl patch ec2nodeclass ${object.metadata.name} --type=merge -p='${JSON.stringify({ spec })}'`
  return flaw(nodeClass, field, problem, `What it needs is ${words}: \`${command}\`.`)
}

/** The volume as it is, with the snapshot, as large as that needs and as EC2 takes it. */
function dataVolume(ebs: Fields, snapshotID: string, snapshot: SnapshotDescription | undefined): Fields {
  const least = snapshot?.volumeSizeGiB ?? 150
  const isLarge = (parseGiB(ebs['volumeSize']) ?? 0) >= least
  const { encrypted, ...rest } = ebs
  // A volume of an encrypted snapshot is encrypted: EC2 refuses `false`.
  const kept = encrypted === undefined || (encrypted === false && snapshot?.encrypted === true) ? rest : ebs
  const isGp3 = textAt(ebs, 'volumeType') === 'gp3'
  const refused = !isGp3 && numberAt(ebs, 'throughput') !== undefined
  const speed = Object.keys(ebs).length === 0 || refused || ebs['volumeType'] === undefined ? performance : {}
  return { ...kept, ...speed, snapshotID, volumeSize: isLarge ? ebs['volumeSize'] : `${least}Gi` }
}
