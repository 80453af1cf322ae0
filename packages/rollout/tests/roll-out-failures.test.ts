import { expect, test } from '@jest/globals'
import { CancelledError, PrebakeError, ServiceError, type Clock } from '@prebake/kernel'
import { testCluster, type TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { healthy, imageChange, request, run, timetable } from './rollout-story.ts'
import { steppingClock } from './stepping-clock.ts'

type Step = (seconds: number) => void
const both =
  (one: Step, other: Step): Step =>
  (seconds) => {
    one(seconds)
    other(seconds)
  }

test('a NodeClass that never gets Ready: its condition, and no wait for the pods', async () => {
  const cluster = await testCluster()
  const condition = {
    type: 'SubnetsReady',
    status: 'False',
    reason: 'SubnetsNotFound',
    message: 'SubnetSelector did not match any Subnets',
  }
  const conditions = [{ type: 'Ready', status: 'False' }, condition]
  const clock = steppingClock(timetable([[3, () => cluster.change('EC2NodeClass', { status: { conditions } })]]))
  const { error, lines } = await run(cluster, clock)
  expect(error).toMatchObject({
    name: 'FailedRollout',
    errorCode: 'rollout-not-rolled-back',
    reason: 'node-class-not-ready',
    rolledBack: false,
  })
  expect(error?.message).toContain('SubnetsReady=False, SubnetsNotFound: SubnetSelector did not match any Subnets')
  expect(error?.message).toMatch(/left in place: EC2NodeClass vllm\.$/)
  expect(lines.filter((line) => line.startsWith('Deployment default/vllm:'))).toEqual([])
})

test('a NodePool that never gets Ready', async () => {
  const cluster = await testCluster()
  const { error } = await run(cluster, steppingClock(healthy(cluster, 1, 1)))
  expect(error).toMatchObject({ errorCode: 'rollout-not-rolled-back', reason: 'node-pool-not-ready' })
})

test('the error of a failed rollout says what stands in the way', async () => {
  const cluster = await testCluster()
  const of = (kind: string, name: string, fields: object, namespace?: string) =>
    cluster.add({
      apiVersion: 'v1',
      kind,
      metadata: { name, labels: { app: 'vllm', 'pod-template-hash': 'h' }, ...(namespace === undefined ? {} : { namespace }) },
      ...fields,
    })
  const event = (name: string, podName: string, message: string, lastTimestamp: string, type = 'Warning') =>
    of(
      'Event',
      name,
      { type, reason: 'FailedScheduling', message, lastTimestamp, involvedObject: { kind: 'Pod', name: podName } },
      'default',
    )
  const launched = { type: 'Launched', status: 'Unknown', reason: 'LaunchFailed', message: 'InsufficientInstanceCapacity' }
  const late = () => {
    const { uid = '' } = cluster.find('Deployment').metadata
    cluster.add({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'vllm-h',
        namespace: 'default',
        labels: { app: 'vllm', 'pod-template-hash': 'h' },
        ownerReferences: [{ kind: 'Deployment', name: 'vllm', uid }],
      },
      spec: { template: (cluster.find('Deployment')['spec'] as { template: object }).template },
    })
    of('Pod', 'vllm-1', { status: { phase: 'Pending' } }, 'default')
    of('Pod', 'vllm-0', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }, 'default')
    event('e1', 'vllm-1', '0/3 nodes are available', '2026-11-24T10:00:01Z')
    event('e2', 'vllm-1', '0/4 nodes are available', '2026-11-24T10:00:09Z')
    event('e3', 'vllm-1', '0/3 nodes are available', '2026-11-24T10:00:05Z')
    event('e4', 'vllm-1', 'nothing wrong', '2026-11-24T10:00:10Z', 'Normal')
    event('e5', 'other', 'not ours', '2026-11-24T10:00:11Z')
    for (const pool of ['vllm', 'other']) {
      cluster.add({
        apiVersion: 'karpenter.sh/v1',
        kind: 'NodeClaim',
        metadata: { name: `${pool}-a`, labels: { 'karpenter.sh/nodepool': pool } },
        status: { conditions: [launched] },
      })
    }
    const exceeded = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }
    cluster.change('Deployment', { status: { conditions: [exceeded] } })
  }
  const clock = steppingClock(both(healthy(cluster, 1, 4), timetable([[10, late]])))
  const { error, lines } = await run(cluster, clock)
  expect(error?.message.split('\n')).toEqual([
    'Roll out Deployment default/vllm: 0 of 2 updated, 0 ready, 0 available, 1 old; Progressing=False, ProgressDeadlineExceeded: timed out.',
    'NodeClaim vllm-a: Launched=Unknown, LaunchFailed: InsufficientInstanceCapacity',
    'Pod vllm-1: FailedScheduling: 0/4 nodes are available',
    'Pod vllm-1: FailedScheduling: 0/3 nodes are available',
    expect.stringContaining('left in place: EC2NodeClass vllm, NodePool vllm, Deployment default/vllm.'),
  ])
  expect(error).toMatchObject({ errorCode: 'rollout-not-rolled-back', reason: 'deployment-failed' })
  expect(lines.at(-1)).toContain('0 of 2 updated')
})

test('the limit holds for the whole rollout, and says what was seen', async () => {
  const cluster = await testCluster()
  const clock = steppingClock(healthy(cluster, 1, 60))
  const start = clock.now().getTime()
  const { error } = await run(cluster, clock, request({ timeoutMs: 75_000 }))
  expect(error).toMatchObject({ reason: 'deployment-timeout' })
  expect(error?.message).toContain('Waited 73 s for Deployment default/vllm to be rolled out: not reached. Last seen: 1 of 2 updated')
  expect(clock.now().getTime() - start).toBeLessThanOrEqual(75_000)
})

test.each<[title: string, act: (cluster: TestCluster) => void, words: string]>([
  ['changes it', (cluster) => cluster.change('Deployment', imageChange('three')), 'its pod template was changed meanwhile'],
  ['deletes it', (cluster) => cluster.drop('Deployment'), 'it was deleted meanwhile'],
])('another client %s meanwhile', async (_title, act, words) => {
  const cluster = await testCluster()
  const { error } = await run(cluster, steppingClock(both(healthy(cluster, 1, 4), timetable([[10, () => act(cluster)]]))))
  expect(error).toMatchObject({ errorCode: 'rollout-superseded', message: `Roll out Deployment default/vllm: ${words}.` })
})

/** The cluster, whose reads fail with this error between the seconds 10 and 40. */
async function flaky(error: Error): Promise<{ cluster: TestCluster; clock: Clock }> {
  const cluster = await testCluster()
  let broken = false
  const world = healthy(cluster)
  const clock = steppingClock((seconds) => {
    broken = seconds > 10 && seconds < 40
    world(seconds)
  })
  return { cluster: { ...cluster, get: (reference, signal) => (broken ? Promise.reject(error) : cluster.get(reference, signal)) }, clock }
}

const answer = (status: number, transient: boolean) =>
  new ServiceError({ operation: 'get', code: 'X', message: 'not now', status }, { transient })

test('a transient failure in the middle is waited out', async () => {
  const { cluster, clock } = await flaky(answer(503, true))
  const { outcome, lines } = await run(cluster, clock)
  expect(outcome).toMatchObject({ revision: '1' })
  expect(lines).toContain('Deployment default/vllm: the API server does not answer: get: X: not now')
})

test.each([
  ['credentials that expire', answer(401, false)],
  ['an answer that is not JSON', new PrebakeError('get: X: not now: the answer is not JSON.')],
])('%s in the middle: not waited out', async (_title, failure) => {
  const { cluster, clock } = await flaky(failure)
  const { error } = await run(cluster, clock)
  expect(error).toMatchObject({ name: 'FailedRollout', message: expect.stringContaining('get: X: not now') })
  expect(clock.now().getTime()).toBeLessThan(Date.parse('2026-11-24T10:01:00Z'))
})

test('a cancel ends the wait', async () => {
  const cluster = await testCluster()
  const controller = new AbortController()
  const { outcome } = await run(
    cluster,
    steppingClock((seconds) => seconds >= 5 && controller.abort()),
    request(),
    controller.signal,
  )
  expect(outcome).toBeInstanceOf(CancelledError)
})

test('pods that may not be listed do not end a rollout', async () => {
  const cluster = await testCluster()
  const blind: TestCluster = {
    ...cluster,
    list: () => Promise.reject(new ServiceError({ operation: 'list Pod', code: 'Forbidden', message: 'no', status: 403 })),
  }
  const { outcome, lines } = await run(blind, steppingClock(healthy(cluster)))
  expect(outcome).toMatchObject({ revision: '1' })
  expect(lines).toContain('Deployment default/vllm: 0 of 2 updated, 0 ready, 0 available, 1 old')
})
