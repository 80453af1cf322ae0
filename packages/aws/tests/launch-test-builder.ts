import { randomUUID } from 'node:crypto'
import type { BuilderSpec, BuilderState } from '@prebake/snapshot'
import { builderSpec } from './builder-spec.ts'
import { eventually, type World } from './world.ts'

const { signal } = new AbortController()

/** A launch that this world accepts, with a token and a tag of its own. */
export async function validSpec(world: World): Promise<BuilderSpec> {
  const { builders } = world.aws
  const { kubernetesVersion, bottlerocketVersion } = world
  const [image, subnet] = await Promise.all([
    builders.findImage({ kubernetesVersion, bottlerocketVersion, architecture: 'x86_64' }, signal),
    builders.describeSubnet(undefined, signal),
  ])
  const token = randomUUID()
  return {
    ...builderSpec,
    clientToken: token,
    tags: { 'prebake.dev/run': token },
    amiId: image.amiId,
    subnetId: subnet.subnetId,
    securityGroupIds: [],
    instanceProfile: world.instanceProfile,
  }
}

/** Waits for a state of the instance's life. */
export function reach(world: World, instanceId: string, wanted: BuilderState['state']): Promise<BuilderState> {
  return eventually(world, `${instanceId} to be ${wanted}`, async () => {
    const seen = await world.aws.builders.get(instanceId, signal)
    return seen?.state === wanted ? { value: seen } : { state: seen?.state ?? 'unknown' }
  })
}

/** Launches a builder and waits until it runs. */
export async function launchTestBuilder(world: World): Promise<{ spec: BuilderSpec; instanceId: string }> {
  const spec = await validSpec(world)
  const { instanceId } = await world.aws.builders.launch(spec, signal)
  await reach(world, instanceId, 'running')
  return { spec, instanceId }
}
