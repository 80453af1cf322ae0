import { expect, test } from '@jest/globals'
import { defaultRoute, endpointName, routesFor } from '../src/describe-subnet.ts'

const local = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' } as const

test.each([
  ['an internet gateway', { GatewayId: 'igw-1', State: 'active' }, 'internet-gateway'],
  ['a NAT gateway', { NatGatewayId: 'nat-1', State: 'active' }, 'other'],
  ['a transit gateway', { TransitGatewayId: 'tgw-1', State: 'active' }, 'other'],
  ['a virtual private gateway', { GatewayId: 'vgw-1', State: 'active' }, 'other'],
  ['a gateway that was deleted', { GatewayId: 'igw-1', State: 'blackhole' }, 'none'],
] as const)('the default route leads to %s', (_, route, kind) => {
  expect(defaultRoute([local, { DestinationCidrBlock: '0.0.0.0/0', ...route }])).toBe(kind)
})

test('no default route, or one for IPv6 only', () => {
  expect(defaultRoute([local])).toBe('none')
  expect(defaultRoute([local, { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' }])).toBe('none')
})

test('a subnet has the routes of the table that names it, else those of the main one', () => {
  const tables = [
    { Associations: [{ Main: true }], Routes: [{ GatewayId: 'igw-main' }] },
    { Associations: [{ SubnetId: 'subnet-1', Main: false }, { SubnetId: 'subnet-2' }], Routes: [{ NatGatewayId: 'nat-1' }] },
    { Routes: [local] },
  ]
  expect(routesFor('subnet-2', tables)).toEqual([{ NatGatewayId: 'nat-1' }])
  expect(routesFor('subnet-3', tables)).toEqual([{ GatewayId: 'igw-main' }])
  expect(routesFor('subnet-3', [])).toEqual([])
})

test.each([
  ['com.amazonaws.eu-west-1.ssm', 'ssm'],
  ['com.amazonaws.us-gov-west-1.ecr.api', 'ecr.api'],
  ['cn.com.amazonaws.cn-north-1.ecr.dkr', 'ecr.dkr'],
  ['com.amazonaws.vpce.eu-west-1.vpce-svc-0123', 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123'],
  ['aws.sagemaker.eu-west-1.notebook', 'aws.sagemaker.eu-west-1.notebook'],
])('%s is the endpoint of %s', (service, name) => {
  expect(endpointName(service)).toBe(name)
})
