import { expect, test } from '@jest/globals'
import { memoryPointer } from './memory-pointer.ts'
import { obedientCluster, type Obedience } from './obedient-cluster.ts'
import { imageChange, request, run } from './rollout-story.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

/** A rollout of `snap-1` with the image `one`, and then one of `snap-2` whose image `bad` crashes. */
async function failAfterSuccess(obedience: Obedience = {}, second: Partial<Parameters<typeof request>[0]> = {}) {
  const { cluster, clock } = await obedientCluster({ crashes: (image) => image === 'bad', ...obedience })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.change('Deployment', { spec: { replicas: 2 } }, { manager: 'kubectl-scale' })
  const before = cluster.find('Deployment')
  cluster.forgetCalls()
  const rejected: string[] = []
  const pointer = memoryPointer('snap-2')
  const verdicts = { reject: (id: string, reason: string) => Promise.resolve(void rejected.push(`${id}: ${reason}`)) }
  const manifests = versionedManifests('snap-2', 'bad')
  const story = await run(cluster, clock, request({ manifests, ...second }), undefined, { verdicts, pointer })
  return { ...story, cluster, before, rejected, pointer: pointer.value }
}

test('a template that crashes: the previous NodePool and Deployment are applied and serve; snapshot and pointer stay, since nothing speaks against them', async () => {
  const { error, lines, cluster, before, rejected, pointer } = await failAfterSuccess()
  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: true, errorCode: 'rollout-rolled-back', reason: 'deployment-failed' })
  expect(error?.message.split('\n')).toEqual([
    expect.stringContaining(
      'Roll out Deployment default/vllm: 2 of 2 updated, 0 ready, 0 available; Pod default/vllm-0: container vllm has crashed 4 times',
    ),
    'Pod default/vllm-0: CrashLoopBackOff; its container ended with exit code 1',
    'Pod default/vllm-1: CrashLoopBackOff; its container ended with exit code 1',
    `Rolled back, and serving as before: NodePool vllm, Deployment default/vllm. Newly created objects were left in place: EC2NodeClass ${classOf('snap-2')}.`,
    'Nothing here speaks against snap-2: not rejected.',
  ])
  const after = cluster.find('Deployment')
  expect(after['spec']).toEqual(before['spec'])
  // Scaled by another manager: not taken over.
  expect(after.metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: 'kubectl-scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }),
  )
  const pool = cluster.find('NodePool')
  expect(JSON.stringify(pool['spec'])).toContain(classOf('snap-1'))
  expect(JSON.stringify(pool['spec'])).not.toContain('"nodes":"0"')
  expect(pool.metadata.annotations ?? {}).toEqual({})
  expect(rejected).toEqual([])
  expect(pointer).toBe('snap-2')
  expect(lines.slice(-2)).toEqual(['Deployment default/vllm: 2 of 2 updated, 2 ready, 2 available', 'NodePool vllm: drift resumed'])
})

test('the old pods have served all the time: the Deployment was never asked for fewer', async () => {
  const { cluster } = await failAfterSuccess()
  expect(cluster.calls().filter((call) => call.startsWith('apply'))).toEqual([
    `apply EC2NodeClass ${classOf('snap-2')}`,
    'apply NodePool vllm',
    'apply Deployment default/vllm',
    'apply NodePool vllm',
    'apply Deployment default/vllm',
    'apply NodePool vllm',
  ])
})

test('without rollback it is left, and not paused', async () => {
  const { error, cluster, rejected, pointer } = await failAfterSuccess({}, { rollback: false })
  expect(error).toMatchObject({
    rolledBack: false,
    errorCode: 'rollout-not-rolled-back',
    message: expect.stringContaining('NodePool vllm, Deployment default/vllm.'),
  })
  expect(JSON.stringify(cluster.find('NodePool'))).not.toContain('prebake.dev/held')
  expect(JSON.stringify(cluster.find('NodePool')['spec'])).toContain(classOf('snap-2'))
  expect([rejected, pointer]).toEqual([[], 'snap-2'])
})

test('a first install that fails is left, and that is said', async () => {
  const { cluster, clock } = await obedientCluster({ crashes: () => true })
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  expect(error).toMatchObject({
    rolledBack: false,
    message: expect.stringContaining(
      `so there is nothing to roll back. Newly created objects were left in place: EC2NodeClass ${classOf('snap-1')}, NodePool vllm, Deployment default/vllm.`,
    ),
  })
})

test('a failed rollback is reported beside the first error, with what is there now, and the pause ends all the same', async () => {
  const effect = { kind: 'error', status: 403, code: 'Forbidden', message: 'no' } as const
  const { error, cluster, rejected } = await failAfterSuccess({ faults: [{ operation: /^apply Deployment [^ ]+$/, from: 3, effect }] })
  expect(error).toMatchObject({
    rolledBack: false,
    errorCode: 'rollback-failed',
    message: expect.stringMatching(
      /has crashed 4 times[^]*apply Deployment default\/vllm: Forbidden: no\nAs it is now: [^]*\nNothing here speaks against snap-2: not rejected\.$/,
    ),
  })
  expect(JSON.stringify(cluster.find('NodePool'))).not.toContain('prebake.dev/held')
  expect(rejected).toEqual([])
})

test('another client that deploys meanwhile is named, and not rolled back', async () => {
  let second = false
  const { cluster, clock } = await obedientCluster({
    step(world) {
      const image = JSON.stringify(world.all('Deployment')[0]?.['spec'] ?? '')
      second = second || image.includes('two')
      if (image.includes('two')) world.change('Deployment', imageChange('three'), { manager: 'kubectl-client-side-apply' })
    },
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2', 'two') }))
  expect(error).toMatchObject({
    name: 'SupersededError',
    errorCode: 'rollout-superseded',
    message: 'Roll out Deployment default/vllm: its pod template was changed meanwhile by `kubectl-client-side-apply`.',
  })
  expect(JSON.stringify(cluster.find('Deployment')['spec'])).toContain('three')
  expect(JSON.stringify(cluster.find('NodePool'))).not.toContain('prebake.dev/held')
})

test('drift that cannot be resumed after the rollback is a warning: all serves as before', async () => {
  const effect = { kind: 'error', status: 409, code: 'Conflict', message: 'no' } as const
  const { error, lines } = await failAfterSuccess({ faults: [{ operation: /^apply NodePool [^ ]+$/, from: 4, effect }] })
  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: true })
  expect(lines).toContainEqual(expect.stringMatching(/^NodePool vllm: drift is still paused/))
})

test('a fault of our own is rolled back like any other failure, and said to be', async () => {
  const fault = new TypeError('undefined is not a function')
  let thrown = false
  const { error, cluster } = await failAfterSuccess({
    crashes: () => false,
    step(world) {
      if (thrown || !JSON.stringify(world.all('Deployment')[0]?.['spec'] ?? '').includes('bad')) return
      thrown = true
      throw fault
    },
  })
  expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: true, message: expect.stringContaining('undefined is not a function') })
  expect(error?.cause).toBe(fault)
  expect(JSON.stringify(cluster.find('Deployment')['spec'])).toContain('one')
})
