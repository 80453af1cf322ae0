import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from '../../src/build-request.ts'
import { initializeBuilder, probeBuilder } from '../../src/builder/initialize-builder.ts'
import { requireOnBuilder } from '../../src/builder/run-on-builder.ts'
import { stopBuilder } from '../../src/builder/stop-builder.ts'
import { watchWorker } from '../../src/builder/watch-worker.ts'
import { withBuilder } from '../../src/builder/with-builder.ts'
import type { Builders } from '../../src/ports/builders.ts'
import type { BuildPlan } from '../../src/resolve-plan.ts'
import { verifySnapshot } from '../../src/verify-snapshot.ts'
import { instance, signal } from '../memory-account.ts'
import { scriptedBuilder, silentReporter } from './scripted-builder.ts'

const subnet = { subnetId: 'subnet-1', vpcId: 'vpc-1', availabilityZone: 'eu-west-1a' }
const plan = {
  recipe: { model: 'owner/name', commit: 'c'.repeat(40), files: [], images: [] },
  machineImage: { amiId: 'ami-1', bottlerocketVersion: '1.69.0' },
  subnet,
  fingerprint: 'f',
} as unknown as BuildPlan
const request = {
  runToken: 'r',
  images: [],
  instanceType: 'm6i.2xlarge',
  timeoutMs: 600_000,
  tags: {},
  securityGroupIds: [],
} as unknown as BuildRequest
const refusal = (code: string) => new ServiceError({ operation: 'RunInstances', code, message: 'no', status: 400 })
const refuse = (code: string) => () => Promise.reject(refusal(code))

function bake(own: Partial<Builders>, prints: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { ports } = scriptedBuilder(prints, own)
  return withBuilder('bake', undefined, request, plan, ports, signal, async (session) => {
    await watchWorker(session, undefined, request, plan, ports as unknown as BuildPorts)
  })
}

test.each<[string, string, Partial<Builders>]>([
  ['an agent that never comes online', 'builder-not-online', { isOnline: async () => false }],
  ['an instance that ends while it boots', 'builder-ended', { get: async () => instance('i-1', {}, 'terminated') }],
  ['launch tokens whose instances have all ended', 'launch-tokens-used', { launch: async () => instance('i-1', {}, 'terminated') }],
  ['launch tokens that EC2 knows with other parameters', 'launch-tokens-used', { launch: refuse('IdempotentParameterMismatch') }],
  [
    'no capacity in any zone',
    'zones-without-capacity',
    { launch: refuse('InsufficientInstanceCapacity'), describeSubnets: async () => [] },
  ],
])('%s: %s', async (_, errorCode, own) => {
  await expect(bake(own)).rejects.toMatchObject({ errorCode })
})

test.each<[string, string, string]>([
  ['a worker that fails', 'bake-failed', 'state=failed files=0/1 bytes=0/9 images=0/1 wants=- kubelet=inactive detail=no space left'],
  ['a kubelet that runs', 'bake-failed', 'state=running files=0/1 bytes=0/9 images=0/1 wants=- kubelet=active detail='],
  ['a worker that exits again and again', 'bake-failed', 'state=gone files=0/1 bytes=0/9 images=0/1 wants=- kubelet=inactive detail='],
  ['a worker that never ends', 'bake-timeout', 'state=running files=0/1 bytes=0/9 images=0/1 wants=- kubelet=inactive detail='],
])('%s: %s', async (_, errorCode, status) => {
  await expect(bake({}, { status: `prebake:status ${status}` })).rejects.toMatchObject({ errorCode })
})

test('a builder that may not be terminated fails the build, although its work is done; an outage is a warning', async () => {
  const done = { status: 'prebake:status state=done files=1/1 bytes=9/9 images=1/1 wants=- kubelet=inactive detail=' }
  await expect(bake({ terminate: refuse('UnauthorizedOperation') }, done)).rejects.toMatchObject({ errorCode: 'builder-not-terminated' })
  const outage = new ServiceError({ operation: 'TerminateInstances', code: 'Unavailable', message: 'no', status: 503 }, { transient: true })
  await expect(bake({ terminate: () => Promise.reject(outage) }, done)).resolves.toBeUndefined()
})

test('a verification that never ends is no verdict', async () => {
  const { ports } = scriptedBuilder()
  const tagged: unknown[] = []
  const all = { ...ports, snapshots: { tag: async (...args: unknown[]) => void tagged.push(args) } } as unknown as BuildPorts
  const verifying = verifySnapshot('snap-1', 'full', { ...request, verify: 'full' }, plan, all, signal)
  await expect(verifying).rejects.toMatchObject({ errorCode: 'snapshot-verification-timeout' })
  expect(tagged).toEqual([])
})

test.each<[string, 'terminated' | 'running']>([
  ['an instance that is terminated instead of stopped', 'terminated'],
  ['an instance that never stops', 'running'],
])('%s: no snapshot is taken', async (_, state) => {
  const { session } = scriptedBuilder({}, { stop: async () => undefined, get: async () => instance('i-1', {}, state) })
  await expect(stopBuilder(session, silentReporter)).rejects.toMatchObject({ errorCode: 'builder-not-stopped' })
})

test('an assumption that does not hold, a script that fails and a command that SSM does not know have codes of their own', async () => {
  const probe = scriptedBuilder({ probe: 'prebake:probe ok bash 5.2\nprebake:probe FAIL curl missing' })
  await expect(probeBuilder(probe.session, silentReporter)).rejects.toMatchObject({
    errorCode: 'builder-probe-failed',
    message: expect.stringContaining('FAIL curl missing'),
  })
  const seal = scriptedBuilder({ seal: 'prebake:error Seal: 3 % of the volume is free. Choose a larger one.' })
  await expect(requireOnBuilder(seal.session, 'seal', ["'run seal.sh'"])).rejects.toMatchObject({ errorCode: 'builder-command-failed' })
  const lost = scriptedBuilder({}, { getCommand: async () => undefined })
  await expect(initializeBuilder(lost.session, 60_000)).rejects.toMatchObject({ errorCode: 'builder-command-lost' })
  const deaf = scriptedBuilder({}, { send: refuse('InvalidInstanceId') })
  await expect(initializeBuilder(deaf.session, 60_000)).rejects.toMatchObject({ errorCode: 'builder-command-lost' })
})
