import { accountId, region, securityGroup, vpc, vpcEndpoints } from '../account.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf, withIds } from './select.ts'
import { list, type XmlContent } from './xml.ts'

export function describeVpcs(parameters: QueryParameters): XmlContent {
  const asked = withIds([vpc], texts(parameters, 'VpcId'), ({ vpcId }) => vpcId, 'InvalidVpcID.NotFound', 'vpc')
  const valuesOf = () => ({ 'vpc-id': [vpc.vpcId], 'is-default': ['true'], state: ['available'], cidr: [vpc.cidr] })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf))
  return {
    vpcSet: list(page.items, ({ vpcId, cidr }) => ({
      vpcId,
      ownerId: accountId,
      state: 'available',
      cidrBlock: cidr,
      dhcpOptionsId: 'dopt-0a1b2c3d4e5f60000',
      instanceTenancy: 'default',
      isDefault: true,
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
      groupSet: list([securityGroup], (group) => group),
      privateDnsEnabled: true,
      ownerId: accountId,
    })),
    nextToken: page.nextToken,
  }
}
