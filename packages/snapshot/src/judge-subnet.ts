import { InputError } from '@prebake/kernel'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { SubnetFacts } from './ports/builders.ts'

/** Endpoints that an instance without a route out needs to come online in SSM and to pull its control container and private images. */
const neededEndpoints = ['ssm', 'ssmmessages', 'ec2messages', 'ecr.api', 'ecr.dkr', 's3']

/**
 * Whether the builder needs a public address to reach SSM and the model hub from this subnet.
 * @throws InputError if the subnet has no route out: endpoints could lead to SSM, but not to the hub
 */
export function needsPublicAddress(subnet: SubnetFacts, hubHost: string): boolean {
  switch (subnet.defaultRoute) {
    case 'internet-gateway':
      return true
    case 'other':
      return false
    case 'none': {
      const missing = neededEndpoints.filter((endpoint) => !subnet.endpoints.includes(endpoint))
      const ssm = missing.length > 0 ? ` SSM cannot be reached either: the VPC lacks the endpoints ${missing.join(', ')}.` : ''
      throw new InputError([
        {
          code: 'subnet-without-route' satisfies SnapshotErrorCode,
          input: 'subnet-id',
          wrong: `${subnet.subnetId} has no route out of ${subnet.vpcId}, so the model hub (${hubHost}) cannot be reached.${ssm}`,
          remedy: 'Choose a subnet whose route table leads to a NAT gateway or an internet gateway.',
        },
      ])
    }
  }
}

/** The subnets with a route out, each with whether the builder needs a public address there. */
export function judgeSubnets(
  subnets: readonly SubnetFacts[],
  hubHost: string,
): { readonly subnet: SubnetFacts; readonly publicAddress: boolean }[] {
  const reachable = subnets.filter(({ defaultRoute }) => defaultRoute !== 'none')
  return reachable.map((subnet) => ({ subnet, publicAddress: needsPublicAddress(subnet, hubHost) }))
}
