import { expect, test } from '@jest/globals'
import { needsPublicAddress } from '../src/judge-subnet.ts'

const subnet = { subnetId: 'subnet-1', vpcId: 'vpc-1', availabilityZone: 'us-west-2a', endpoints: [] }

test('an internet gateway needs a public address, a NAT gateway none', () => {
  expect(needsPublicAddress({ ...subnet, defaultRoute: 'internet-gateway' }, 'huggingface.co')).toBe(true)
  expect(needsPublicAddress({ ...subnet, defaultRoute: 'other' }, 'huggingface.co')).toBe(false)
})

test('no way out: the hub and the missing endpoints are named', () => {
  const judge = () => needsPublicAddress({ ...subnet, defaultRoute: 'none', endpoints: ['ssm', 's3'] }, 'huggingface.co')
  expect(judge).toThrow('`subnet-id`: subnet-1 has no route out of vpc-1, so the model hub (huggingface.co) cannot be reached.')
  expect(judge).toThrow('lacks the endpoints ssmmessages, ec2messages, ecr.api, ecr.dkr.')
})
