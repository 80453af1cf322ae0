import { expect, test } from '@jest/globals'
import { needsPublicAddress } from '../src/judge-subnet.ts'

const subnet = { subnetId: 'subnet-1', vpcId: 'vpc-1', availabilityZone: 'us-west-2a', endpoints: [] }

test('an internet gateway needs a public address, a NAT gateway none', () => {
  expect(needsPublicAddress({ ...subnet, defaultRoute: 'internet-gateway' }, 'huggingface.co')).toBe(true)
  expect(needsPublicAddress({ ...subnet, defaultRoute: 'other' }, 'huggingface.co')).toBe(false)
})

test('no way out: the hub and the missing endpoints are named', () => {
  const judge = () => needsPublicAddress({ ...subnet, defaultRoute: 'none', endpoints: ['ssm', 's3'] }, 'huggingface.co')
  const problems = [expect.objectContaining({ code: 'subnet-without-route', input: 'subnet-id' })]
  expect(judge).toThrow(expect.objectContaining({ problems, message: expect.stringContaining('huggingface.co') }))
  expect(judge).toThrow('lacks the endpoints ssmmessages, ec2messages, ecr.api, ecr.dkr.')
})
