import { expect, test } from '@jest/globals'
import { instanceProfile, startSimulator, subnets, vpc } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'
import { describeBuilders } from './describe-builders.ts'
import { describeSnapshots } from './describe-snapshots.ts'

const { signal } = new AbortController()

async function open() {
  const simulator = await startSimulator({ rate: 600 })
  return {
    simulator,
    aws: await connectAws({ region: simulator.environment['AWS_REGION'] ?? '', account: simulator.account }),
    rate: Number(simulator.environment['PREBAKE_CLOCK_RATE']),
    kubernetesVersion: '1.34',
    bottlerocketVersion: 'latest',
    instanceProfile: instanceProfile.name,
    close: () => simulator.stop(),
  }
}

describeBuilders('the simulator', open)
describeSnapshots('the simulator', open)

test('tells the ways out of the simulator’s three subnets', async () => {
  const world = await open()
  try {
    const describe = (subnetId?: string) => world.aws.builders.describeSubnet(subnetId, signal)
    const shared = { vpcId: vpc.vpcId, endpoints: ['ssm'] }
    expect(await describe()).toMatchObject({ ...shared, subnetId: subnets.public.subnetId, defaultRoute: 'internet-gateway' })
    expect(await describe(subnets.private.subnetId)).toMatchObject({ ...shared, defaultRoute: 'other' })
    expect(await describe(subnets.isolated.subnetId)).toMatchObject({ ...shared, defaultRoute: 'none' })
  } finally {
    await world.close()
  }
})

test('however many subnets a VPC has, its routes and endpoints are looked up once', async () => {
  const world = await open()
  try {
    const found = await world.aws.builders.describeSubnets(vpc.vpcId, signal)
    expect(found.map(({ subnetId, defaultRoute }) => [subnetId, defaultRoute])).toEqual([
      [subnets.public.subnetId, 'internet-gateway'],
      [subnets.private.subnetId, 'other'],
      [subnets.isolated.subnetId, 'none'],
    ])
    const asked = world.simulator.requests().map(({ operation }) => operation)
    expect(asked.toSorted()).toEqual(['DescribeRouteTables', 'DescribeSubnets', 'DescribeVpcEndpoints'])
  } finally {
    await world.close()
  }
})
