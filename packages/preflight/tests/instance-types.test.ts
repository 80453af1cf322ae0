import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { gatherFacts } from '../src/facts/gather-facts.ts'
import { instanceTypeTable } from '../src/facts/instance-type-table.ts'
import { planInstanceType } from '../src/facts/plan-instance-type.ts'
import { preflight, type GpuInstanceType, type InstanceTypes } from '../src/index.ts'
import { shippedManifests, snapshotId } from './good-subject.ts'
import { memoryReader } from './memory-reader.ts'

const { signal } = new AbortController()
const l4 = { gpus: 1, gpuName: 'L4', gpuMemoryMiB: 22_888 }
/** As EC2 describes them: interfaces of the default network card, IPv4 addresses of each. */
const described: readonly GpuInstanceType[] = [
  {
    name: 'g6.xlarge',
    architecture: 'amd64',
    vcpus: 4,
    memoryMiB: 16_384,
    networkInterfaces: 4,
    addressesPerInterface: 15,
    ...l4,
    ebsMbps: 5000,
    localNvmeGB: 250,
  },
  {
    name: 'g6.4xlarge',
    architecture: 'amd64',
    vcpus: 16,
    memoryMiB: 65_536,
    networkInterfaces: 8,
    addressesPerInterface: 30,
    ...l4,
    ebsMbps: 8000,
    localNvmeGB: 600,
  },
  {
    name: 'g5g.xlarge',
    architecture: 'arm64',
    vcpus: 4,
    memoryMiB: 8192,
    networkInterfaces: 4,
    addressesPerInterface: 15,
    gpus: 1,
    gpuName: 'T4g',
    gpuMemoryMiB: 16_384,
    ebsMbps: 4750,
    localNvmeGB: 0,
  },
  {
    name: 'p4d.24xlarge',
    architecture: 'amd64',
    vcpus: 96,
    memoryMiB: 1_179_648,
    networkInterfaces: 15,
    addressesPerInterface: 50,
    gpus: 8,
    gpuName: 'A100',
    gpuMemoryMiB: 40_960,
    ebsMbps: 19_000,
    localNvmeGB: 8000,
  },
  {
    name: 'p5.48xlarge',
    architecture: 'amd64',
    vcpus: 192,
    memoryMiB: 2_097_152,
    networkInterfaces: 2,
    addressesPerInterface: 50,
    gpus: 8,
    gpuName: 'H100',
    gpuMemoryMiB: 81_920,
    ebsMbps: 80_000,
    localNvmeGB: 30_400,
  },
]

test.each(described)('$name is planned as Karpenter publishes it', (type) => {
  expect(planInstanceType(type)).toEqual(instanceTypeTable.find(({ name }) => name === type.name))
})

test('the name of a GPU is that of the label', () => {
  const gpuName = 'RTX PRO Server 6000'
  expect(planInstanceType({ ...described[0]!, gpuName }).gpuName).toBe('rtx-pro-server-6000')
})

const port = (withGpus: InstanceTypes['withGpus']): InstanceTypes => ({ region: 'eu-west-1', withGpus })
const run = (instanceTypes?: InstanceTypes, manifests = shippedManifests()) =>
  preflight({ manifests, snapshotId }, { cluster: memoryReader({}), ...(instanceTypes && { instanceTypes }) }, signal)

test('what EC2 says is what the rules know, and the report says so', async () => {
  let asked = 0
  // Only a type that is too small for the shipped Deployment.
  const only = port(() => (asked++, Promise.resolve([{ ...described[0]!, name: 'g6.2xlarge' }])))
  const manifests = shippedManifests().map((manifest) => {
    const text = JSON.stringify(manifest.document).replace(/\["g6\.2xlarge"[^\]]*\]/, '["g6.2xlarge"]')
    return { ...manifest, document: JSON.parse(text) as typeof manifest.document }
  })
  const { findings, instanceTypes } = await run(only, manifests)
  expect(findings.map(({ rule }) => rule)).toContain('requests-fit-no-type')
  expect(instanceTypes).toBe('EC2 in eu-west-1, as of this run')
  expect(asked).toBe(1)
})

test('where EC2 refuses, or there is no account, the table is used, and the report says why and of which date it is', async () => {
  const message = 'You are not authorized'
  const refused = port(() =>
    Promise.reject(new ServiceError({ operation: 'DescribeInstanceTypes', code: 'UnauthorizedOperation', message, status: 403 })),
  )
  const { findings, unchecked, instanceTypes } = await run(refused)
  expect(findings.map(({ severity }) => severity)).not.toContain('error')
  expect(unchecked.map(({ reason }) => reason)).not.toContainEqual(expect.stringContaining('instance types'))
  expect(instanceTypes).toMatch(
    /^the built-in table of August 2026, because instance types in eu-west-1 cannot be read \(DescribeInstanceTypes: Unauth/,
  )
  expect((await run()).instanceTypes).toBe('the built-in table of August 2026, because no AWS account was given')
})

test('nothing is asked where no rule needs it', async () => {
  const never = port(() => Promise.reject(new Error('It asked.')))
  const manifests = shippedManifests(['service.yaml'])
  const subject = await gatherFacts({ manifests }, { cluster: memoryReader({}), instanceTypes: never }, signal)
  expect(subject.instanceTypeSource).toBeUndefined()
})
