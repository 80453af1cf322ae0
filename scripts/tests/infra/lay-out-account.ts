import { CreateLaunchTemplateCommand, CreateVolumeCommand, EC2Client, EnableFastSnapshotRestoresCommand } from '@aws-sdk/client-ec2'
import { connectAws } from '@prebake/aws'
import type { Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

const { signal } = new AbortController()
const region = 'us-west-2'
const ended = { 'prebake:run': 'lost', 'prebake:purpose': 'bake', 'prebake:ends': '2026-01-01T00:00:00Z' }
const baked = { 'prebake:run': 'local-1-x', 'prebake:fingerprint': 'f', 'prebake:model': 'a/model', 'prebake:verified': 'quick' }

/** One of everything that prune-snapshots removes: a builder and a volume past their limit, a superseded snapshot, a needless fast restore. */
export async function layOutAccount(simulator: Simulator): Promise<void> {
  const ec2 = new EC2Client({ region, ...simulator.account })
  const { snapshots } = await connectAws({ region, account: simulator.account })
  const volumeId = await bootVolume(simulator, ended)
  const take = async () => {
    const { snapshotId } = await snapshots.create(volumeId, 'test', baked, signal)
    while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
    return snapshotId
  }
  const [used] = [await take(), await take(), await take()]
  const zone = `${region}a`
  await ec2.send(new CreateVolumeCommand({ SnapshotId: used, AvailabilityZone: zone }))
  await ec2.send(new EnableFastSnapshotRestoresCommand({ SourceSnapshotIds: [used], AvailabilityZones: [zone] }))
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'x', LaunchTemplateData: { ImageId: 'ami-0' } }))
  const Tags = Object.entries(ended).map(([Key, Value]) => ({ Key, Value }))
  await ec2.send(new CreateVolumeCommand({ Size: 10, AvailabilityZone: zone, TagSpecifications: [{ ResourceType: 'volume', Tags }] }))
  await simulator.sleep(3700)
}
