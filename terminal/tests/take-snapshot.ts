import { connectAws } from '@prebake/aws'
import type { Simulator } from '@prebake/simulator'
import { bakeRecord } from '../../actions/apply-manifests/tests/open-scene.ts'
import { bootVolume } from '../../packages/aws/tests/boot-volume.ts'

const { signal } = new AbortController()

/** A completed snapshot with the tags of a build, without a build. The machine that it was taken of is gone. */
export async function takeSnapshot(simulator: Simulator, tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const { snapshots, builders } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const volumeId = await bootVolume(simulator)
  const record = { ...bakeRecord(), 'prebake:run': 'local-1-a@octo-org/vllm-on-eks', ...tags }
  const { snapshotId } = await snapshots.create(volumeId, 'test', record, signal)
  while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(10)
  for (const { instanceId } of await builders.find({ 'prebake:run': 'test' }, signal)) await builders.terminate(instanceId, signal)
  return snapshotId
}
