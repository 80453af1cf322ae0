import { expect, test } from '@jest/globals'
import { tagKeys } from '@prebake/snapshot-record'
import { buildSnapshot, type BuildPorts, type BuildRequest } from '../src/index.ts'
import { instance, signal } from './memory-account.ts'
import { scriptedBuilder } from './builder/scripted-builder.ts'

const file = (path: string) => ({ path, size: 100, digest: { algorithm: 'sha256', hex: '00' } })
const digest = `sha256:${'0'.repeat(64)}`
const elder = { ...instance('i-0', { [tagKeys.run]: '2-1-other@o/r' }), launchedAt: new Date('2026-11-29T10:00:00Z') }
const request = {
  runToken: '1-1-own@o/r',
  model: 'owner/name',
  revision: 'main',
  images: [{ name: 'docker.io/vllm/vllm-openai' }],
  kubernetesVersion: '1.35',
  architecture: 'x86_64',
  instanceType: 'm6i.2xlarge',
  securityGroupIds: [],
  volumeSizeGiB: 150,
  verify: 'quick',
  timeoutMs: 600_000,
  tags: {},
  hubHost: 'hub.test',
} as unknown as BuildRequest

/** Each time this build has launched a builder, an older one of another run is listed; it fails, and leaves no snapshot. */
function overtakenAccount() {
  let launches = 0
  let own: 'running' | undefined
  const { ports } = scriptedBuilder(
    {},
    {
      findImage: async () => ({ amiId: 'ami-1', bottlerocketVersion: '1.69.0' }),
      describeSubnet: async () => ({
        subnetId: 'subnet-1',
        vpcId: 'vpc-1',
        availabilityZone: 'eu-west-1a',
        defaultRoute: 'internet-gateway',
        endpoints: [],
      }),
      architecturesOf: async () => ['x86_64'],
      launch: async () => {
        launches += 1
        own = 'running'
        return instance('i-1')
      },
      find: async ({ [tagKeys.purpose]: purpose }) => (own === undefined || purpose !== 'bake' ? [] : [elder]),
      terminate: async () => void (own = undefined),
    },
  )
  const all = {
    ...ports,
    hub: {
      list: async () => ({
        model: 'owner/name',
        commit: 'c'.repeat(40),
        restricted: false,
        files: [file('config.json'), file('model.safetensors')],
      }),
      read: async () => new TextEncoder().encode('{"architectures":["LlamaForCausalLM"]}'),
    },
    registry: { resolve: async () => ({ name: 'docker.io/vllm/vllm-openai', tag: undefined, digest, compressedBytes: 1 }) },
    snapshots: { find: async () => [] },
    permissions: {
      checkReads: async () => [],
      checkLaunch: async () => [],
      checkEarlierSnapshot: async () => [],
      checkSnapshot: async () => [],
    },
  } as unknown as BuildPorts
  return { ports: all, launches: () => launches, isRunning: () => own !== undefined }
}

test('a build that another run overtakes three times gives up, and leaves no builder', async () => {
  const { ports, launches, isRunning } = overtakenAccount()
  await expect(buildSnapshot(request, ports, signal)).rejects.toMatchObject({ errorCode: 'concurrent-builds-failed' })
  expect(launches()).toBe(3)
  expect(isRunning()).toBe(false)
})
