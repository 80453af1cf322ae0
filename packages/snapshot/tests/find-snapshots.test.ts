import { expect, test } from '@jest/globals'
import { awaitOthers, isYounger } from '../src/await-others.ts'
import { findSnapshots } from '../src/find-snapshots.ts'
import type { BuildPorts, BuildRequest } from '../src/index.ts'
import type { BuildPlan } from '../src/resolve-plan.ts'
import { instance, memoryAccount, signal, snapshot, steppingClock } from './memory-account.ts'

const written = (bottlerocket: string, containerd: string, more: Record<string, string> = {}) => ({
  'prebake:fingerprint': 'f',
  'prebake:bottlerocket': bottlerocket,
  'prebake:containerd': containerd,
  'prebake:image-1': 'docker.io/a/b@sha256:0',
  ...more,
})
const verified = { 'prebake:verified': 'quick' }
const requestFor = (kubernetesVersion: string, more: Partial<BuildRequest> = {}) =>
  ({ verify: 'quick', kubernetesVersion, runToken: '4711-2-own@o/r', timeoutMs: 600_000, ...more }) as BuildRequest
const planFor = (bottlerocketVersion: string) =>
  ({ fingerprint: 'f', machineImage: { bottlerocketVersion }, recipe: { images: [{}] } }) as unknown as BuildPlan

const find = async (kubernetes: string, release: string, tags: Record<string, string>) => {
  const account = memoryAccount({ snapshots: [snapshot('snap-1', tags)] })
  const { reusable, unfinished } = await findSnapshots(requestFor(kubernetes), planFor(release), account, signal)
  return reusable !== undefined ? 'reused' : unfinished !== undefined ? 'adopted' : 'none'
}

test.each<[string, string, Record<string, string>, string]>([
  ['1.34', '1.69.0', written('1.57.0', '2.1.6', verified), 'reused'],
  ['1.32', '1.69.0', written('1.69.0', '2.3.1', verified), 'reused'],
  ['1.34', '1.57.0', written('1.69.0', '2.3.1', verified), 'none'],
  ['1.32', '1.57.0', written('1.57.0', '2.1.6', verified), 'none'],
  ['1.32', '1.57.0', written('1.57.0', '1.7.29', verified), 'reused'],
  ['1.34', '1.57.0', written('1.57.0', '2.1.6'), 'adopted'],
  ['1.34', '1.57.0', written('1.57.0', '2.1.6', { 'prebake:verified': 'failed' }), 'none'],
  ['1.34', '1.57.0', written('1.57.0', '2.1.6', { ...verified, 'prebake:rejected': 'x' }), 'none'],
  ['1.34', '1.57.0', { 'prebake:fingerprint': 'f', 'prebake:image-1': 'a@sha256:0', ...verified }, 'reused'],
])('for Kubernetes %s on Bottlerocket %s, the snapshot with %j is: %s', async (kubernetes, release, tags, outcome) => {
  expect(await find(kubernetes, release, tags)).toBe(outcome)
})

const baker = (id: string, run: string, more: Record<string, string> = {}) =>
  instance(id, {
    'prebake:purpose': 'bake',
    'prebake:fingerprint': 'f',
    'prebake:run': run,
    'prebake:bottlerocket': '1.69.0',
    'prebake:kubernetes': '1.34',
    ...more,
  })

function ports(account: ReturnType<typeof memoryAccount>) {
  const seen: string[] = []
  const clock = steppingClock()
  const reporter = { progress: (line: string) => void seen.push(line) }
  return { seen, clock, ports: { ...account, clock, reporter } as unknown as BuildPorts }
}

test('an earlier attempt of this run is never waited for', async () => {
  const { ports: open, clock } = ports(memoryAccount({ instances: [baker('i-lost', '4711-1-other@o/r')] }))
  expect(await awaitOthers(requestFor('1.34'), planFor('1.69.0'), open, signal)).toEqual({ reusable: undefined, unfinished: undefined })
  expect(clock.waitedMs()).toBe(0)
})

test.each(['4711-2-sibling@o/r', '4712-1-other@o/r', 'local-1-other'])('%s may be alive, and is waited for', async (run) => {
  const { ports: open, seen } = ports(memoryAccount({ instances: [baker('i-other', run)] }))
  await expect(awaitOthers(requestFor('1.34'), planFor('1.69.0'), open, signal)).rejects.toMatchObject({
    errorCode: 'concurrent-build-timeout',
    message: expect.stringMatching(/^Waited 600 s for /),
  })
  expect(seen[0]).toBe(`i-other of run ${run} is baking the same content (running)`)
})

test('what a newer release bakes is of no use to older nodes, so it is not waited for', async () => {
  const { ports: open, clock } = ports(memoryAccount({ instances: [baker('i-newer', '4712-1-other@o/r')] }))
  await awaitOthers(requestFor('1.34'), planFor('1.57.0'), open, signal)
  expect(clock.waitedMs()).toBe(0)
})

test('a builder yields to an older one, but not to one of an earlier attempt', async () => {
  const young = { ...baker('i-own', '4711-2-own@o/r'), launchedAt: new Date('2026-11-29T11:59:00Z') }
  const isYoungerThan = (other: ReturnType<typeof baker>) =>
    isYounger('i-own', requestFor('1.34'), planFor('1.69.0'), memoryAccount({ instances: [other, young] }), signal)
  expect(await isYoungerThan(baker('i-elder', '4712-1-other@o/r'))).toBe(true)
  expect(await isYoungerThan(baker('i-lost', '4711-1-other@o/r'))).toBe(false)
})
