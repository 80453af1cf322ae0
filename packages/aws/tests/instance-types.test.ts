import { afterEach, expect, test } from '@jest/globals'
import { startSimulator, type Fault, type Simulator } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'
import { answerServer } from './answer-server.ts'

const { signal } = new AbortController()
let simulator: Simulator | undefined
afterEach(() => simulator?.stop())

async function open(faults: readonly Fault[] = []) {
  const started = await startSimulator({ faults })
  simulator = started
  return (await connectAws({ region: 'us-west-2', account: started.account })).instanceTypes
}

test('only types with GPUs are asked for, and each figure comes from its own field', async () => {
  const types = await open()
  const found = await types.withGpus(signal)
  expect(types.region).toBe('us-west-2')
  expect(found.map(({ name }) => name).toSorted()).toEqual(
    ['g5.xlarge', 'g5.2xlarge', 'g5.4xlarge', 'g6.xlarge', 'g6.2xlarge', 'g6.4xlarge', 'g6e.2xlarge'].toSorted(),
  )
  expect(found.find(({ name }) => name === 'g6.4xlarge')).toEqual({
    name: 'g6.4xlarge',
    architecture: 'amd64',
    vcpus: 16,
    memoryMiB: 65_536,
    networkInterfaces: 8,
    addressesPerInterface: 30,
    gpus: 1,
    gpuName: 'L4',
    gpuMemoryMiB: 22_888,
    ebsMbps: 8000,
    localNvmeGB: 600,
  })
  expect(simulator?.requests().map(({ operation, parameters }) => [operation, parameters])).toEqual([
    ['DescribeInstanceTypes', expect.objectContaining({ Filter: [{ Name: 'instance-type', Value: ['g*', 'p*'] }] })],
  ])
})

test('a role that may not look: the action is named', async () => {
  const types = await open([
    {
      server: 'aws',
      operation: 'DescribeInstanceTypes',
      effect: { kind: 'error', status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' },
    },
  ])
  await expect(types.withGpus(signal)).rejects.toMatchObject({
    name: 'ServiceError',
    code: 'UnauthorizedOperation',
    hint: expect.stringContaining('ec2:DescribeInstanceTypes'),
  })
})

/** An item of the answer, with one kind of GPU on one network card of two. */
const item = (name: string, gpu: string) => `<item><instanceType>${name}</instanceType>
  <processorInfo><supportedArchitectures><item>arm64</item></supportedArchitectures></processorInfo>
  <vCpuInfo><defaultVCpus>4</defaultVCpus></vCpuInfo><memoryInfo><sizeInMiB>8192</sizeInMiB></memoryInfo>
  <ebsInfo><ebsOptimizedInfo><maximumBandwidthInMbps>4750</maximumBandwidthInMbps></ebsOptimizedInfo></ebsInfo>
  <networkInfo><maximumNetworkInterfaces>30</maximumNetworkInterfaces><defaultNetworkCardIndex>1</defaultNetworkCardIndex><networkCards>
    <item><networkCardIndex>0</networkCardIndex><maximumNetworkInterfaces>26</maximumNetworkInterfaces></item>
    <item><networkCardIndex>1</networkCardIndex><maximumNetworkInterfaces>4</maximumNetworkInterfaces></item>
  </networkCards><ipv4AddressesPerInterface>15</ipv4AddressesPerInterface></networkInfo>
  <gpuInfo><gpus><item>${gpu}<memoryInfo><sizeInMiB>16384</sizeInMiB></memoryInfo></item></gpus></gpuInfo></item>`

test('all pages are read; fractions of a GPU and other GPUs are left out; interfaces are those of the default card', async () => {
  const pages = [
    item('g5g.xlarge', '<name>T4g</name><manufacturer>NVIDIA</manufacturer><count>1</count>') +
      item('g4ad.xlarge', '<name>Radeon Pro V520</name><manufacturer>AMD</manufacturer><count>1</count>'),
    item('g6f.large', '<name>L4</name><manufacturer>NVIDIA</manufacturer><count>1</count><gpuPartitionSize>0.125</gpuPartitionSize>') +
      item('p9.large', '<name>X</name><manufacturer>NVIDIA</manufacturer><count>8</count>'),
  ]
  const server = await answerServer((_form, count) => ({
    body: `<DescribeInstanceTypesResponse><instanceTypeSet>${pages[count - 1]}</instanceTypeSet>${count === 1 ? '<nextToken>two</nextToken>' : ''}</DescribeInstanceTypesResponse>`,
  }))
  const { instanceTypes } = await connectAws({ region: 'eu-west-1', account: server.account })
  const found = await instanceTypes.withGpus(signal)
  await server.close()
  expect(found.map(({ name, architecture, gpus, networkInterfaces }) => [name, architecture, gpus, networkInterfaces])).toEqual([
    ['g5g.xlarge', 'arm64', 1, 4],
    ['p9.large', 'arm64', 8, 4],
  ])
})
