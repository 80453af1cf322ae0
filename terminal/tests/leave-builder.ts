import { connectAws } from '@prebake/aws'
import type { Simulator } from '@prebake/simulator'
import { builderSpec } from '../../packages/aws/tests/builder-spec.ts'

const { signal } = new AbortController()

/** A builder that has outlived its run: its own limit is long past. @returns its ID */
export async function leaveBuilder(account: Simulator['account']): Promise<string> {
  const { builders } = await connectAws({ region: 'us-west-2', account })
  const { amiId } = await builders.findImage({ kubernetesVersion: '1.35', bottlerocketVersion: 'latest', architecture: 'x86_64' }, signal)
  const { subnetId } = await builders.describeSubnet(undefined, signal)
  const tags = { 'prebake:run': 'local-1-lost', 'prebake:purpose': 'bake', 'prebake:ends': '2020-01-01T00:00:00Z' }
  const place = { amiId, subnetId, securityGroupIds: [], userData: '' }
  return (await builders.launch({ ...builderSpec, clientToken: 'token-2', tags, ...place }, signal)).instanceId
}
