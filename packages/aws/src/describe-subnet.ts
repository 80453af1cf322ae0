import {
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  type DescribeSubnetsCommandInput,
  type EC2Client,
  type Route,
  type RouteTable,
  type RouteTableAssociation,
  type Subnet,
} from '@aws-sdk/client-ec2'
import { InputError, ServiceError } from '@prebake/kernel'
import type { SubnetFacts } from '@prebake/snapshot'
import { requireField, callPages } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'

/**
 * Describes a subnet and its routes out. Without an ID: the default subnet of the first zone that has free addresses.
 * @throws InputError naming `subnet-id` when there is no such subnet
 */
export async function describeSubnet(ec2: EC2Client, subnetId: string | undefined, signal: AbortSignal): Promise<SubnetFacts> {
  const subnet = subnetId === undefined ? await defaultSubnet(ec2, signal) : await namedSubnet(ec2, subnetId, signal)
  const [facts] = await factsOf(ec2, vpcOf(subnet), [subnet], signal)
  return requireField(facts, 'DescribeSubnets', 'subnet')
}

/** Every subnet of a VPC that has free addresses, default subnets first, then by zone. */
export async function describeSubnets(ec2: EC2Client, vpcId: string, signal: AbortSignal): Promise<readonly SubnetFacts[]> {
  const found = await subnets(ec2, { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }, signal)
  const rank = ({ DefaultForAz, AvailabilityZone, SubnetId }: Subnet) => `${DefaultForAz ? 0 : 1} ${AvailabilityZone} ${SubnetId}`
  const usable = withAddresses(found).toSorted((a, b) => rank(a).localeCompare(rank(b)))
  return factsOf(ec2, vpcId, usable, signal)
}

const vpcOf = (subnet: Subnet) => requireField(subnet.VpcId, 'DescribeSubnets', 'VPC ID')

/** Looks up the VPC's route tables and endpoints once for all of its subnets. */
async function factsOf(ec2: EC2Client, vpcId: string, found: readonly Subnet[], signal: AbortSignal): Promise<readonly SubnetFacts[]> {
  const [tables, endpoints] = await Promise.all([routeTablesOf(ec2, vpcId, signal), endpointsOf(ec2, vpcId, signal)])
  return found.map((subnet): SubnetFacts => {
    const subnetId = requireField(subnet.SubnetId, 'DescribeSubnets', 'subnet ID')
    return {
      subnetId,
      vpcId,
      availabilityZone: requireField(subnet.AvailabilityZone, 'DescribeSubnets', 'availability zone'),
      defaultRoute: defaultRoute(routesFor(subnetId, tables)),
      endpoints,
    }
  })
}

async function subnets(ec2: EC2Client, input: DescribeSubnetsCommandInput, signal: AbortSignal): Promise<Subnet[]> {
  const pages = await callPages('ec2:DescribeSubnets', signal, (options) => paginateDescribeSubnets({ client: ec2 }, input, options))
  return pages.flatMap((page) => page.Subnets ?? [])
}

const withAddresses = (found: readonly Subnet[]) => found.filter(({ AvailableIpAddressCount }) => AvailableIpAddressCount !== 0)

async function namedSubnet(ec2: EC2Client, subnetId: string, signal: AbortSignal): Promise<Subnet> {
  try {
    const [subnet] = await subnets(ec2, { SubnetIds: [subnetId] }, signal)
    return requireField(subnet, 'DescribeSubnets', 'subnet')
  } catch (error) {
    if (!(error instanceof ServiceError && /^InvalidSubnetI[dD]/.test(error.code))) throw error
    throw unknownSubnet(subnetId, error)
  }
}

/** The account has no subnet of this ID here. */
export function unknownSubnet(subnetId: string, cause: ServiceError): InputError {
  const remedy = 'Give a subnet of this account and region, or leave it empty for the default VPC.'
  const code = 'subnet-not-found' satisfies AwsErrorCode
  return new InputError([{ code, input: 'subnet-id', wrong: `there is no subnet "${subnetId}" (${cause.message}).`, remedy }], { cause })
}

async function defaultSubnet(ec2: EC2Client, signal: AbortSignal): Promise<Subnet> {
  const found = await subnets(ec2, { Filters: [{ Name: 'default-for-az', Values: ['true'] }] }, signal)
  const [first] = withAddresses(found).toSorted((a, b) => (a.AvailabilityZone ?? '').localeCompare(b.AvailabilityZone ?? ''))
  if (first) return first
  const wrong =
    found.length === 0 ? 'is not given, and this region has no default VPC.' : 'is not given, and the default subnets have no free address.'
  const code = 'subnet-missing' satisfies AwsErrorCode
  throw new InputError([
    { code, input: 'subnet-id', wrong, remedy: 'Give a subnet from which the builder can reach SSM and the model hub.' },
  ])
}

async function routeTablesOf(ec2: EC2Client, vpcId: string, signal: AbortSignal): Promise<readonly RouteTable[]> {
  const input = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }
  const pages = await callPages('ec2:DescribeRouteTables', signal, (options) =>
    paginateDescribeRouteTables({ client: ec2 }, input, options),
  )
  return pages.flatMap((page) => page.RouteTables ?? [])
}

/** The routes of the subnet's table; a subnet without an association uses the main table of its VPC. */
export function routesFor(subnetId: string, tables: readonly RouteTable[]): readonly Route[] {
  const associated = (wanted: (association: RouteTableAssociation) => boolean) =>
    tables.find(({ Associations = [] }) => Associations.some(wanted))
  const table = associated((each) => each.SubnetId === subnetId) ?? associated((each) => each.Main === true)
  return table?.Routes ?? []
}

/** Where 0.0.0.0/0 leads. A blackhole (its target was deleted) leads nowhere. */
export function defaultRoute(routes: readonly Route[]): SubnetFacts['defaultRoute'] {
  const route = routes.find(({ DestinationCidrBlock, State }) => DestinationCidrBlock === '0.0.0.0/0' && State !== 'blackhole')
  if (!route) return 'none'
  return route.GatewayId?.startsWith('igw-') ? 'internet-gateway' : 'other'
}

async function endpointsOf(ec2: EC2Client, vpcId: string, signal: AbortSignal): Promise<string[]> {
  const input = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }
  const pages = await callPages('ec2:DescribeVpcEndpoints', signal, (options) =>
    paginateDescribeVpcEndpoints({ client: ec2 }, input, options),
  )
  return (
    pages
      .flatMap((page) => page.VpcEndpoints ?? [])
      // The API sends `available`, its documentation says `Available`.
      .filter(({ State }) => State?.toLowerCase() === 'available')
      .map(({ ServiceName }) => endpointName(ServiceName ?? ''))
  )
}

/** `com.amazonaws.eu-west-1.ecr.api` → `ecr.api`; names of other forms stay as they are. */
export function endpointName(serviceName: string): string {
  return serviceName.replace(/^(?:cn\.)?com\.amazonaws\.[a-z]+(?:-[a-z]+)+-\d+\./, '')
}
