import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { explainFailure } from '../src/explain/explain-failure.ts'
import { findTerminalPod } from '../src/wait/find-terminal-pod.ts'
import { deployment as deploymentKind } from '../src/workload/deployment.ts'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'

const { signal } = new AbortController()
const template = { metadata: { labels: { app: 'vllm' } }, spec: { nodeSelector: { a: 'new' } } }
const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', namespace: 'ai', uid: 'u1' },
  spec: { selector: { matchLabels: { app: 'vllm' } }, template },
}
const pool: KubernetesObject = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm' },
  spec: { template: { spec: { nodeClassRef: { name: 'vllm-1' } } } },
  status: {
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'NodeClassReady', status: 'False', reason: 'NodeClassNotReady' },
    ],
  },
}

async function world() {
  const cluster = await testCluster()
  cluster.add(pool)
  const add = (kind: string, name: string, fields: object, more: object = {}) =>
    cluster.add({ apiVersion: 'v1', kind, metadata: { name, ...more }, ...fields })
  add(
    'ReplicaSet',
    'vllm-h',
    { spec: { template } },
    {
      namespace: 'ai',
      labels: { app: 'vllm', 'pod-template-hash': 'h' },
      ownerReferences: [{ kind: 'Deployment', name: 'vllm', uid: 'u1' }],
    },
  )
  const pod = (name: string, status: object, { hash = 'h', waits = false } = {}) =>
    add(
      'Pod',
      name,
      { spec: { ...(waits ? {} : { nodeName: 'node-1' }), containers: [{ name: 'main', image: 'one' }] }, status },
      { namespace: 'ai', labels: { app: 'vllm', 'pod-template-hash': hash } },
    )
  const event = (about: string, reason: string, message: string, lastTimestamp: string) => {
    const [kind = '', name = ''] = about.split(' ')
    const namespace = kind === 'Pod' ? 'ai' : 'default'
    add(
      'Event',
      `${name}.${lastTimestamp}`,
      { type: 'Warning', reason, message, lastTimestamp, involvedObject: { kind, name } },
      { namespace },
    )
  }
  return { cluster, add, pod, event, explain: () => explainFailure(deployment, deploymentKind, [pool], { cluster }, signal) }
}

const crashed = {
  phase: 'Running',
  containerStatuses: [
    {
      name: 'main',
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    },
  ],
}

test('from the outside in: NodeClass, NodePool, NodeClaims with the words of EC2, pods, events, the end of the log', async () => {
  const { cluster, add, pod, event, explain } = await world()
  const conditions = [
    { type: 'ValidationSucceeded', status: 'False', reason: 'RunInstancesValidationFailed', message: 'InvalidSnapshot.NotFound' },
  ]
  cluster.add({
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: 'vllm-1' },
    status: { conditions: [{ type: 'Ready', status: 'False' }, ...conditions] },
  })
  const hanging = { type: 'Registered', status: 'Unknown', reason: 'NodeNotFound', message: 'Node not registered with cluster' }
  add(
    'NodeClaim',
    'vllm-x',
    { status: { conditions: [{ type: 'Launched', status: 'True' }, hanging] } },
    { labels: { 'karpenter.sh/nodepool': 'vllm' } },
  )
  // Karpenter has deleted this one.
  event('NodeClaim vllm-abcde', 'InsufficientCapacityError', 'insufficient capacity, UnfulfillableCapacity', '2026-11-24T10:00:01Z')
  event('NodeClaim other-abcde', 'InsufficientCapacityError', 'not ours', '2026-11-24T10:00:02Z')
  pod('vllm-1', crashed)
  pod('vllm-2', {
    phase: 'Pending',
    containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }],
  })
  pod('vllm-old', { phase: 'Pending' }, { hash: 'old' })
  event('Pod vllm-1', 'Unhealthy', 'Startup probe failed: connection refused', '2026-11-24T10:00:03Z')
  event('Pod vllm-old', 'FailedScheduling', 'of an old template', '2026-11-24T10:00:04Z')
  cluster.writeLog('vllm-1', Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join(''))
  const lines = await explain()
  expect(lines.slice(0, 8)).toEqual([
    'EC2NodeClass vllm-1: ValidationSucceeded=False, RunInstancesValidationFailed: InvalidSnapshot.NotFound',
    'NodePool vllm: NodeClassReady=False, NodeClassNotReady',
    'NodeClaim vllm-x: Registered=Unknown, NodeNotFound: Node not registered with cluster',
    'NodeClaim vllm-abcde: InsufficientCapacityError: insufficient capacity, UnfulfillableCapacity',
    'Pod ai/vllm-1: CrashLoopBackOff: back-off 20s; its container ended with exit code 1 (Error)',
    'Pod ai/vllm-2: ImagePullBackOff: not found',
    'Pod vllm-1: Unhealthy: Startup probe failed: connection refused',
    'Pod ai/vllm-1, container main, the end of its log:',
  ])
  expect(lines.slice(8)).toEqual(Array.from({ length: 50 }, (_, index) => `  line ${index + 10}`))
})

test('the exception of an engine is shown, however long the stack traces are of those that waited for it', async () => {
  const { cluster, pod, explain } = await world()
  pod('vllm-1', crashed)
  const cause =
    '(EngineCore pid=80) ERROR 11-30 10:40:00 [core.py:1100] safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata'
  const traces = Array.from({ length: 60 }, (_, index) => `    File "runner.py", line ${index}`)
  const last = 'RuntimeError: Engine core initialization failed. See root cause above.'
  cluster.writeLog('vllm-1', [cause, 'INFO no error: all well', cause, ...traces, last, ''].join('\n'))
  const lines = await explain()
  const at = lines.indexOf('Pod ai/vllm-1, container main, exceptions in its log:')
  expect(lines.slice(at + 1, at + 3)).toEqual([`  ${cause}`, 'Pod ai/vllm-1, container main, the end of its log:'])
  expect(lines.at(-1)).toBe(`  ${last}`)
})

test('that a pod had to wait for its node is reported only while it waits', async () => {
  const { cluster, pod, event, explain } = await world()
  pod('vllm-1', { phase: 'Pending' }, { waits: true })
  event('Pod vllm-1', 'FailedScheduling', '0/2 nodes are available', '2026-11-24T10:00:01Z')
  event('Pod vllm-1', 'Unhealthy', 'Startup probe failed', '2026-11-24T10:01:01Z')
  const unhealthy = 'Pod vllm-1: Unhealthy: Startup probe failed'
  expect(await explain()).toEqual([expect.anything(), unhealthy, 'Pod vllm-1: FailedScheduling: 0/2 nodes are available'])
  cluster.change('Pod', { spec: { nodeName: 'node-1' } })
  expect(await explain()).toEqual([expect.anything(), unhealthy])
})

test('what cannot be read is a line that says so, and hides nothing else', async () => {
  const { cluster, pod } = await world()
  pod('vllm-1', crashed)
  const refused = (what: string) => Promise.reject(new ServiceError({ operation: what, code: 'Forbidden', message: 'no', status: 403 }))
  const blind = {
    ...cluster,
    list: (query: Parameters<typeof cluster.list>[0]) =>
      query.kind === 'Pod' ? cluster.list(query, signal) : refused(`list ${query.kind}`),
    get: () => refused('get NodePool'),
    log: () => refused('log Pod'),
  }
  // Without ReplicaSets a pod is known by what it selects.
  cluster.change('Pod', { spec: { nodeSelector: { a: 'new' } } })
  expect(await explainFailure(deployment, deploymentKind, [pool], { cluster: blind }, signal)).toEqual([
    'NodeClaim objects cannot be read: list NodeClaim: Forbidden: no',
    'ReplicaSet objects cannot be read: list ReplicaSet: Forbidden: no',
    'Pod ai/vllm-1: CrashLoopBackOff: back-off 20s; its container ended with exit code 1 (Error)',
    'Event objects cannot be read: list Event: Forbidden: no',
    'Pod ai/vllm-1, container main: its log cannot be read: log Pod: Forbidden: no',
  ])
})

const container = (fields: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  status: { containerStatuses: [{ name: 'c', ...fields }] },
})
const waiting = (reason: string) => ({ state: { waiting: { reason, message: 'm' } } })

test.each<[title: string, fields: object, words: string | undefined]>([
  [
    'third restart',
    { restartCount: 3, ready: false, ...waiting('CrashLoopBackOff') },
    'Pod p: container c has crashed 4 times and was never ready',
  ],
  ['second restart', { restartCount: 2, ready: false, ...waiting('CrashLoopBackOff') }, undefined],
  ['running again', { restartCount: 5, ready: false, state: { running: {} } }, undefined],
  ['an image that may come', waiting('ImagePullBackOff'), undefined],
  ['an image that is no name', waiting('InvalidImageName'), 'Pod p: InvalidImageName: m'],
])('terminal or not: %s', (_title, fields, words) => {
  expect(findTerminalPod([container(fields)])).toBe(words)
})
