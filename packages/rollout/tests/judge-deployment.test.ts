import { expect, test } from '@jest/globals'
import { formatLabelSelector, type KubernetesObject } from '@prebake/manifests'
import { describePods, podFailure } from '../src/observe/pod-status.ts'
import { judgeReadiness } from '../src/observe/readiness.ts'
import { deployment as deploymentKind } from '../src/workload/deployment.ts'

const template = { metadata: { labels: { app: 'vllm' } }, spec: { nodeSelector: { x: 'new' } } }
type Fields = Record<string, unknown>
const deployment = (spec: Fields, status: Fields, uid = 'u1'): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', uid, generation: 3 },
  spec: { template, ...spec },
  status: { observedGeneration: 3, ...status },
})
const ours = deployment({}, {})
const all = (count: number) => ({ replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count })
const late = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "vllm-1" has timed out progressing.',
}
const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'violates PodSecurity' }

test.each<[title: string, spec: Fields, status: Fields, verdict: string, words: string]>([
  ['all of ours', { replicas: 2 }, all(2), 'complete', '2 of 2 updated, 2 ready, 2 available'],
  ['one, where replicas is left out', {}, all(1), 'complete', '1 of 1 updated'],
  ['none wanted, none there', { replicas: 0 }, {}, 'complete', '0 of 0 updated'],
  ['not observed', {}, { ...all(1), observedGeneration: 2 }, 'progressing', 'has not processed it yet'],
  ['no status at all', {}, { observedGeneration: undefined }, 'progressing', 'has not processed it yet'],
  ['an old pod is left', { replicas: 2 }, { ...all(2), replicas: 3 }, 'progressing', '2 ready, 2 available, 1 old'],
  [
    'old pods are ready, ours not',
    { replicas: 2 },
    { ...all(2), updatedReplicas: 1 },
    'progressing',
    '1 of 2 updated, 2 ready, 2 available, 1 old',
  ],
  ['not ready', { replicas: 2 }, { ...all(2), readyReplicas: 1 }, 'progressing', '1 ready'],
  ['ready but not available', {}, { ...all(1), availableReplicas: 0 }, 'progressing', '0 available'],
  [
    'the deadline',
    {},
    { conditions: [late] },
    'failed',
    '0 of 1 updated, 0 ready, 0 available; Progressing=False, ProgressDeadlineExceeded: ReplicaSet',
  ],
  ['complete in spite of an old deadline', {}, { ...all(1), conditions: [late] }, 'complete', '1 of 1'],
  ['the deadline of an earlier generation', {}, { observedGeneration: 2, conditions: [late] }, 'progressing', 'has not processed it yet'],
  ['pods are refused', {}, { conditions: [refused] }, 'progressing', 'ReplicaFailure=True, FailedCreate: violates PodSecurity'],
  ['paused', { paused: true }, {}, 'failed', 'it is paused'],
  ['another template', { template: { ...template, spec: {} } }, all(1), 'superseded', 'its pod template was changed'],
])('a Deployment: %s', (_title, spec, status, verdict, words) => {
  const judgement = deploymentKind.judge(deployment(spec, status), ours)
  expect(judgement).toEqual({ verdict, message: expect.stringContaining(words) })
})

test('a Deployment of the same name that is another one is not ours', () => {
  expect(deploymentKind.judge(deployment({}, all(1), 'u2'), ours).verdict).toBe('superseded')
})

const nodeClass = (conditions: readonly Fields[]): KubernetesObject => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'vllm', generation: 2 },
  status: { conditions },
})
const notReady = { type: 'Ready', status: 'False', reason: 'UnhealthyDependents', message: 'SubnetsReady=False' }

test.each<[title: string, conditions: readonly Fields[], ready: boolean, words: string]>([
  ['ready', [{ type: 'Ready', status: 'True', reason: 'Ready', observedGeneration: 2 }], true, 'Ready=True'],
  [
    'ready for an earlier generation',
    [{ type: 'Ready', status: 'True', observedGeneration: 1 }],
    false,
    'Karpenter has not processed it yet',
  ],
  ['no conditions', [], false, 'Karpenter has not processed it yet'],
  [
    'the failing condition, not the sum',
    [
      notReady,
      { type: 'SubnetsReady', status: 'False', reason: 'SubnetsNotFound', message: 'SubnetSelector did not match any Subnets' },
      { type: 'AMIsReady', status: 'Unknown' },
    ],
    false,
    'SubnetsReady=False, SubnetsNotFound: SubnetSelector did not match any Subnets',
  ],
  [
    'what is not known yet',
    [
      { type: 'Ready', status: 'Unknown' },
      { type: 'ValidationSucceeded', status: 'Unknown', reason: 'AwaitingReconciliation' },
    ],
    false,
    'ValidationSucceeded=Unknown, AwaitingReconciliation',
  ],
  ['the sum alone', [notReady], false, 'Ready=False, UnhealthyDependents: SubnetsReady=False'],
])('a NodeClass: %s', (_title, conditions, ready, words) => {
  expect(judgeReadiness(nodeClass(conditions))).toEqual({ ready, message: words })
})

const pod = (status: Fields, metadata: Fields = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  status,
})
const waiting = (reason: string, more: Fields = {}) => ({
  phase: 'Pending',
  containerStatuses: [{ state: { waiting: { reason } }, ...more }],
})

test('pods are counted by what kubectl shows, the most frequent first', () => {
  const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
  const pods = [
    pod({ phase: 'Pending' }),
    pod(ready),
    pod(waiting('ContainerCreating')),
    pod(ready),
    pod({ phase: 'Running' }),
    pod(ready, { deletionTimestamp: '2026-11-24T10:00:00Z' }),
  ]
  expect(describePods(pods)).toBe('2 Ready, 1 ContainerCreating, 1 Pending, 1 Running, 1 Terminating')
  expect(describePods([])).toBe('none')
})

test('a crash is reported with its exit code; a container that only starts is no failure', () => {
  const crashed = {
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  }
  expect(podFailure(pod({ containerStatuses: [crashed] }))).toBe(
    'CrashLoopBackOff: back-off 10s; its container ended with exit code 1 (Error)',
  )
  expect(podFailure(pod(waiting('ContainerCreating')))).toBeUndefined()
})

test('a pod that the kubelet ended shows its reason, as kubectl shows it', () => {
  const evicted = pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. ' })
  expect(describePods([evicted])).toBe('1 Evicted')
  expect(podFailure(evicted)).toBe('Evicted: The node was low on resource: ephemeral-storage. ')
})

test('a selector as a query', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'old', operator: 'NotIn', values: ['c'] },
    { key: 'x', operator: 'Exists' },
    { key: 'y', operator: 'DoesNotExist' },
  ]
  expect(formatLabelSelector({ matchLabels: { app: 'vllm' }, matchExpressions })).toBe('app=vllm,tier in (a,b),old notin (c),x,!y')
})
