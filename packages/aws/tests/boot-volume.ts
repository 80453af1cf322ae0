import { connectAws } from '@prebake/aws'
import type { Simulator } from '@prebake/simulator'
import { builderSpec } from './builder-spec.ts'

/** Launches an instance, waits until it runs, and gives its data volume, of which snapshots can be taken. */
export async function bootVolume(
  simulator: Simulator,
  tags: Readonly<Record<string, string>> = { 'prebake:run': 'test' },
): Promise<string> {
  const { signal } = new AbortController()
  const { builders } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const wanted = { kubernetesVersion: '1.34', bottlerocketVersion: 'latest', architecture: 'x86_64' } as const
  const { amiId } = await builders.findImage(wanted, signal)
  const { subnetId } = await builders.describeSubnet(undefined, signal)
  const { instanceId } = await builders.launch(
    {
      ...builderSpec,
      tags,
      amiId,
      subnetId,
      securityGroupIds: [],
      instanceProfile: simulator.demoInputs['instance-profile'] ?? '',
      userData: '',
    },
    signal,
  )
  while ((await builders.get(instanceId, signal))?.state !== 'running') await simulator.sleep(2)
  return builders.dataVolume(instanceId, signal)
}
