import { accountId, mainRouteTableId, region, subnets, vpc, vpcEndpoints, type SubnetFixture } from '../account.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf, withIds } from './select.ts'
import { list, tagSet, type XmlContent } from './xml.ts'

const all: readonly SubnetFixture[] = Object.values(subnets)
const tagsOf = (subnet: SubnetFixture) => ({ Name: subnet.name })

export function describeSubnets(parameters: QueryParameters): XmlContent {
  const asked = withIds(all, texts(parameters, 'SubnetId'), (subnet) => subnet.subnetId, 'InvalidSubnetID.NotFound', 'subnet')
  const valuesOf = (subnet: SubnetFixture) => ({
    'subnet-id': [subnet.subnetId],
    'vpc-id': [vpc.vpcId],
    'availability-zone': [subnet.availabilityZone],
    'availability-zone-id': [subnet.availabilityZoneId],
    'default-for-az': [String(subnet.default)],
    state: ['available'],
  })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf, tagsOf))
  return {
    subnetSet: list(page.items, (subnet) => ({
      subnetId: subnet.subnetId,
      subnetArn: `arn:aws:ec2:${region}:${accountId}:subnet/${subnet.subnetId}`,
      state: 'available',
      ownerId: accountId,
      vpcId: vpc.vpcId,
      cidrBlock: subnet.cidr,
      availableIpAddressCount: 4091,
      availabilityZone: subnet.availabilityZone,
      availabilityZoneId: subnet.availabilityZoneId,
      defaultForAz: subnet.default,
      mapPublicIpOnLaunch: subnet.mapPublicIp,
      tagSet: tagSet(tagsOf(subnet)),
    })),
    nextToken: page.nextToken,
  }
}

/** The main route table has, as in EC2, no association that names a subnet. */
export function describeRouteTables(parameters: QueryParameters): XmlContent {
  const main = (subnet: SubnetFixture) => subnet.routeTableId === mainRouteTableId
  const asked = withIds(
    all,
    texts(parameters, 'RouteTableId'),
    (subnet) => subnet.routeTableId,
    'InvalidRouteTableID.NotFound',
    'routeTable',
  )
  const valuesOf = (subnet: SubnetFixture) => ({
    'route-table-id': [subnet.routeTableId],
    'vpc-id': [vpc.vpcId],
    'association.main': [String(main(subnet))],
    'association.subnet-id': main(subnet) ? [] : [subnet.subnetId],
  })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf, tagsOf))
  const local = { destinationCidrBlock: vpc.cidr, gatewayId: 'local', state: 'active', origin: 'CreateRouteTable' }
  return {
    routeTableSet: list(page.items, (subnet) => ({
      routeTableId: subnet.routeTableId,
      vpcId: vpc.vpcId,
      ownerId: accountId,
      routeSet: list(
        [
          local,
          ...(subnet.defaultRoute
            ? [{ destinationCidrBlock: '0.0.0.0/0', ...subnet.defaultRoute, state: 'active', origin: 'CreateRoute' }]
            : []),
        ],
        (route) => route,
      ),
      associationSet: list([subnet], () => ({
        routeTableAssociationId: subnet.routeTableId.replace('rtb-', 'rtbassoc-'),
        routeTableId: subnet.routeTableId,
        subnetId: main(subnet) ? undefined : subnet.subnetId,
        main: main(subnet),
        associationState: { state: 'associated' },
      })),
      propagatingVgwSet: list([], () => undefined),
      tagSet: tagSet(tagsOf(subnet)),
    })),
    nextToken: page.nextToken,
  }
}

export function describeVpcEndpoints(parameters: QueryParameters): XmlContent {
  const serviceName = (service: string) => `com.amazonaws.${region}.${service}`
  type Endpoint = (typeof vpcEndpoints)[number]
  const ids = texts(parameters, 'VpcEndpointId')
  const asked = withIds<Endpoint>(vpcEndpoints, ids, (endpoint) => endpoint.vpcEndpointId, 'InvalidVpcEndpointId.NotFound', 'Vpc Endpoint')
  const valuesOf = (endpoint: Endpoint) => ({
    'vpc-endpoint-id': [endpoint.vpcEndpointId],
    'vpc-id': [vpc.vpcId],
    'service-name': [serviceName(endpoint.service)],
    'vpc-endpoint-type': ['Interface'],
    'vpc-endpoint-state': ['available'],
  })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf))
  return {
    vpcEndpointSet: list(page.items, (endpoint) => ({
      vpcEndpointId: endpoint.vpcEndpointId,
      vpcEndpointType: 'Interface',
      vpcId: vpc.vpcId,
      serviceName: serviceName(endpoint.service),
      state: 'available',
      subnetIdSet: list([endpoint.subnetId], (subnetId) => subnetId),
    })),
    nextToken: page.nextToken,
  }
}
