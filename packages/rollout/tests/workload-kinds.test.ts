import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { findWorkloadKind } from '../src/workload/find-workload-kind.ts'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'

type Fields = Record<string, unknown>
const { signal } = new AbortController()

const container = { name: 'vllm', image: 'vllm:1', args: ['/mnt/models/m'], env: [{ name: 'A', value: '1' }] }
const podSpec = { nodeSelector: { x: 'new' }, containers: [container] }
const kinds = {
  StatefulSet: ['apps/v1', { selector: { matchLabels: { app: 'llm' } }, template: { spec: podSpec } }],
  LeaderWorkerSet: ['leaderworkerset.x-k8s.io/v1', { leaderWorkerTemplate: { size: 2, workerTemplate: { spec: podSpec } } }],
  InferenceService: ['serving.kserve.io/v1beta1', { predictor: podSpec }],
  Rollout: ['argoproj.io/v1alpha1', { selector: { matchLabels: { app: 'llm' } }, template: { spec: podSpec } }],
} as const
type Kind = keyof typeof kinds

const object = (kind: Kind, spec: Fields, status: Fields): KubernetesObject => ({
  apiVersion: kinds[kind][0],
  kind,
  metadata: { name: 'llm', namespace: 'ai', uid: 'u1', generation: 3 },
  spec: { ...kinds[kind][1], ...spec },
  status,
})
const judge = (kind: Kind, spec: Fields, status: Fields) =>
  findWorkloadKind(object(kind, {}, {}))?.judge(object(kind, spec, status), object(kind, spec, {}))

const full = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, readyReplicas: 2 }
const available = { conditions: [{ type: 'Available', status: 'True' }] }
const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
const two = { replicas: 2 }
const onDelete = { ...two, updateStrategy: { type: 'OnDelete' } }
const partition = { ...two, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }
const healthy = { observedGeneration: '3', phase: 'Healthy', stableRS: 'a', currentPodHash: 'a' }

test.each<[title: string, kind: Kind, spec: Fields, status: Fields, verdict: string]>([
  ['all of ours', 'StatefulSet', two, full, 'complete'],
  ['its status is of an earlier generation', 'StatefulSet', two, { ...full, observedGeneration: 2 }, 'progressing'],
  ['an old pod is left', 'StatefulSet', two, { ...full, updatedReplicas: 1 }, 'progressing'],
  ['one is not ready', 'StatefulSet', two, { ...full, readyReplicas: 1 }, 'progressing'],
  ['nothing replaces old pods', 'StatefulSet', onDelete, { ...full, updatedReplicas: 0 }, 'failed'],
  ['all of ours, by hand', 'StatefulSet', onDelete, full, 'complete'],
  ['a partition keeps old pods', 'StatefulSet', partition, { ...full, updatedReplicas: 1 }, 'complete, not proven'],
  ['groups updated and ready', 'LeaderWorkerSet', two, { ...full, ...available }, 'complete'],
  ['a group is still old', 'LeaderWorkerSet', two, { ...full, updatedReplicas: 1, ...available }, 'progressing'],
  ['not available', 'LeaderWorkerSet', two, full, 'progressing'],
  ['no status yet', 'LeaderWorkerSet', two, {}, 'progressing'],
  ['Ready, with containers of its own', 'InferenceService', {}, { observedGeneration: 3, ...ready }, 'complete'],
  [
    'Ready, from a ServingRuntime',
    'InferenceService',
    { predictor: { model: { modelFormat: {} } } },
    { observedGeneration: 3, ...ready },
    'complete, not proven',
  ],
  ['Ready as of before', 'InferenceService', {}, { observedGeneration: 2, ...ready }, 'progressing'],
  ['no condition', 'InferenceService', {}, { observedGeneration: 3 }, 'progressing'],
  [
    'the new model loads',
    'InferenceService',
    {},
    { observedGeneration: 3, ...ready, modelStatus: { transitionStatus: 'InProgress' } },
    'progressing',
  ],
  [
    'the new model does not load',
    'InferenceService',
    {},
    { observedGeneration: 3, ...ready, modelStatus: { transitionStatus: 'BlockedByFailedLoad' } },
    'failed',
  ],
  ['healthy and promoted', 'Rollout', two, healthy, 'complete'],
  ['healthy as of before', 'Rollout', two, { ...healthy, observedGeneration: '2' }, 'progressing'],
  [
    'healthy, of a Deployment that it refers to',
    'Rollout',
    { ...two, template: undefined, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm' } },
    healthy,
    'complete, not proven',
  ],
  ['not promoted', 'Rollout', two, { ...healthy, currentPodHash: 'b' }, 'progressing'],
  ['paused at a step', 'Rollout', two, { ...healthy, phase: 'Paused', currentPodHash: 'b' }, 'complete, not proven'],
  ['aborted', 'Rollout', two, { ...healthy, phase: 'Degraded', message: 'RolloutAborted' }, 'failed'],
])('%s: %s is %s', (_title, kind, spec, status, verdict) => {
  const judgement = judge(kind, spec, status)
  expect(`${judgement?.verdict}${judgement?.unproven === undefined ? '' : ', not proven'}`).toBe(verdict)
})

test.each(Object.keys(kinds) as Kind[])('%s: another client that changes it meanwhile is seen', (kind) => {
  const ours = object(kind, {}, {})
  const path = { LeaderWorkerSet: 'leaderWorkerTemplate', InferenceService: 'predictor', StatefulSet: 'template', Rollout: 'template' }[
    kind
  ]
  const judged = findWorkloadKind(ours)?.judge(object(kind, { [path]: { other: true } }, full), ours)
  expect(judged).toMatchObject({ verdict: 'superseded', message: 'its pod template was changed meanwhile' })
})

const labelsOf: Readonly<Record<Kind, readonly [ours: Record<string, string>, old: Record<string, string>, status: Fields]>> = {
  StatefulSet: [{ app: 'llm', 'controller-revision-hash': 'b' }, { app: 'llm', 'controller-revision-hash': 'a' }, { updateRevision: 'b' }],
  Rollout: [{ app: 'llm', 'rollouts-pod-template-hash': 'b' }, { app: 'llm', 'rollouts-pod-template-hash': 'a' }, { currentPodHash: 'b' }],
  LeaderWorkerSet: [{ 'leaderworkerset.sigs.k8s.io/name': 'llm' }, { 'leaderworkerset.sigs.k8s.io/name': 'llm' }, {}],
  InferenceService: [{ 'serving.kserve.io/inferenceservice': 'llm' }, { 'serving.kserve.io/inferenceservice': 'llm' }, {}],
}

test.each(Object.keys(kinds) as Kind[])('%s: its pods, and which of them are of the present template', async (kind) => {
  const cluster = await testCluster()
  const [ours, old, status] = labelsOf[kind]
  // As a pod is: a controller and webhooks add to what the template says.
  const added = { ...container, env: [...container.env, { name: 'LWS_LEADER_ADDRESS', value: 'x' }], volumeMounts: [{ name: 'token' }] }
  const pod = (name: string, labels: Record<string, string>, containers: readonly object[], namespace = 'ai') =>
    cluster.add({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { nodeSelector: { x: 'new', y: 'z' }, containers },
    })
  pod('new', ours, [{ name: 'sidecar', image: 'proxy' }, added])
  pod('old', old, [{ ...container, image: 'vllm:0' }])
  pod('elsewhere', ours, [added], 'other')
  pod('stranger', { app: 'other' }, [added])
  const found = await findWorkloadKind(object(kind, {}, {}))?.podsOf(object(kind, {}, status), cluster, signal)
  expect(found?.pods?.map(({ metadata }) => metadata.name)).toEqual(['new', 'old'])
  expect(found?.ours.map(({ metadata }) => metadata.name)).toEqual(['new'])
})

test('kinds that are only applied', () => {
  for (const [apiVersion, kind] of [
    ['v1', 'Service'],
    ['apps/v1', 'DaemonSet'],
    ['example.com/v1', 'StatefulSet'],
    ['batch/v1', 'Job'],
  ] as const)
    expect(findWorkloadKind({ apiVersion, kind, metadata: { name: 'x' } })).toBeUndefined()
})
