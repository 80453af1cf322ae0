import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { forms } from './known-forms.ts'
import type { ApiEvent } from '../../src/kubernetes/record-event.ts'
import type { Deployment, Ec2NodeClass, Node, NodeClaim, Pod } from '../../src/kubernetes/objects.ts'
import { baked, control, image, nodeClass, nodeClassPath, nodePool, nodePoolPath, unbaked } from './manifests.ts'
import { startKubernetes, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
})
afterEach(() => cluster.stop())

const objects = <T>(kind: string) => cluster.kubernetes.objects(kind) as unknown as readonly T[]
const eventsOf = (pod: Pod) => objects<ApiEvent>('Event').filter(({ involvedObject }) => involvedObject.uid === pod.metadata.uid)
const reasons = (pod: Pod) => eventsOf(pod).map(({ reason }) => reason)
const conditionTime = ({ status }: Pod, type: string) =>
  Date.parse(status.conditions?.find((condition) => condition.type === type)?.lastTransitionTime ?? '')
const secondsToReady = (pod: Pod) => (conditionTime(pod, 'Ready') - Date.parse(pod.metadata.creationTimestamp)) / 1000
const logOf = async ({ metadata }: Pod) =>
  (await cluster.call('GET', `/api/v1/namespaces/default/pods/${metadata.name}/log?timestamps=true`)).text
const firstPod = (): Pod => {
  const [pod] = objects<Pod>('Pod')
  if (!pod) throw new Error('no pod')
  return pod
}

test('from the snapshot: a node, the image on it, the model read from it, and every word traced to its source', async () => {
  await cluster.applyAll(baked())
  const ready = await cluster.ready(1)
  expect(ready.status?.conditions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'Available', status: 'True' }),
      expect.objectContaining({ type: 'Progressing', reason: 'NewReplicaSetAvailable' }),
    ]),
  )
  const pod = firstPod()
  expect(reasons(pod)).toEqual(expect.arrayContaining(['FailedScheduling', 'Nominated', 'Scheduled', 'Pulled', 'Created', 'Started']))
  expect(reasons(pod)).not.toContain('Pulling')
  const scheduled = eventsOf(pod).find(({ reason }) => reason === 'Scheduled')
  expect(scheduled).toMatchObject({ eventTime: expect.stringMatching(/\.\d{6}Z$/), firstTimestamp: null })
  const started = eventsOf(pod).find(({ reason }) => reason === 'Started')
  expect(started).toMatchObject({
    eventTime: null,
    source: { component: 'kubelet' },
    involvedObject: { fieldPath: 'spec.containers{vllm}' },
  })
  const stamped = Number(BigInt(`0x${started?.metadata.name.split('.').at(-1)}`) / 1_000_000n)
  expect(Math.abs(stamped - Date.parse(started?.firstTimestamp ?? ''))).toBeLessThan(1000)

  const lines = (await logOf(pod)).trimEnd().split('\n')
  expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z INFO: {5}Application startup complete\.$/)
  expect(lines.join('\n')).not.toContain('downloading')
  const untraced = [
    ...lines.map((line) => line.replace(/^\S+ /, '')).filter((text) => !forms.log.some((pattern) => pattern.test(text))),
    ...objects<ApiEvent>('Event').filter(({ message }) => !forms.messages.some((pattern) => pattern.test(message))),
  ]
  expect(untraced).toEqual([])

  // Ready follows the last line by no more than a period of the startup probe, and what the kubelet takes to say so.
  const complete = Date.parse(lines.at(-1)?.split(' ')[0] ?? '')
  expect((conditionTime(pod, 'Ready') - complete) / 1000).toBeLessThan(2.5)
  const [node] = objects<Node>('Node').filter(({ metadata }) => metadata.name === pod.spec.nodeName)
  expect(node?.metadata.labels).toMatchObject({
    'karpenter.k8s.aws/ec2nodeclass': 'vllm',
    'karpenter.sh/nodepool': 'vllm',
    'karpenter.sh/initialized': 'true',
    'node.kubernetes.io/instance-type': 'g6.2xlarge',
    'prebake.dev/nodeclass': 'baked',
  })
})

test('without the snapshot everything is downloaded, which takes several times as long', async () => {
  await cluster.applyAll(control())
  await cluster.ready(1)
  const slow = firstPod()
  expect(eventsOf(slow).find(({ message }) => message.startsWith('Successfully pulled'))?.message).toMatch(
    new RegExp(
      `^Successfully pulled image "${image}" in \\dm[\\d.]+s \\(\\dm[\\d.]+s including waiting\\)\\. Image size: 93\\d+ bytes\\.$`,
    ),
  )
  expect(reasons(slow)).toContain('Pulling')
  expect(await logOf(slow)).toMatch(/Time spent downloading weights for TheBloke\/Mistral-7B-Instruct-v0\.2-AWQ: \d{3}\.\d{6} seconds/)
  expect(secondsToReady(slow)).toBeGreaterThan(480)

  // The same Deployment rolled on to the snapshot: a new node, and no gap.
  await cluster.applyAll(baked())
  const rolled = await cluster.ready(1)
  expect(rolled.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
  const fast = await cluster.until('the old pod to be gone', () => (objects('Pod').length === 1 ? firstPod() : undefined))
  expect(secondsToReady(fast)).toBeLessThan(secondsToReady(slow) / 3)
  expect(conditionTime(fast, 'Ready')).toBeGreaterThan(conditionTime(slow, 'Ready'))
})

test('one to three and back: new nodes of their own, pods of their own, and empty nodes go', async () => {
  await cluster.applyAll(baked())
  const first = await cluster.ready(1)
  await cluster.scale(3)
  const three = await cluster.ready(3)
  expect(three.metadata.generation).toBe((first.metadata.generation ?? 0) + 1)
  expect(new Set(objects<Pod>('Pod').map(({ spec }) => spec.nodeName)).size).toBe(3)
  expect(objects<NodeClaim>('NodeClaim').map(({ status }) => status.conditions.every((condition) => condition.status === 'True'))).toEqual([
    true,
    true,
    true,
  ])
  await cluster.scale(1)
  await cluster.until('one node left', () => (objects('NodeClaim').length === 1 ? true : undefined))
  expect(objects('Pod')).toHaveLength(1)
  expect(objects<Node>('Node').filter(({ metadata }) => metadata.labels?.['karpenter.sh/nodepool'] !== undefined)).toHaveLength(1)
})

test('a class with an unknown snapshot never gets ready, and no node comes of it', async () => {
  await cluster.applyAll(baked('snap-unknown'))
  const failed = await cluster.until('not Ready', () => {
    const [found] = objects<Ec2NodeClass>('EC2NodeClass')
    return found?.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False')
  })
  expect(failed).toMatchObject({ reason: 'UnhealthyDependents', message: 'ValidationSucceeded=False' })
  expect(objects<Ec2NodeClass>('EC2NodeClass')[0]?.status?.conditions).toContainEqual(
    expect.objectContaining({
      reason: 'RunInstancesValidationFailed',
      message: "InvalidSnapshot.NotFound: The snapshot 'snap-unknown' does not exist.",
    }),
  )
  await cluster.clock.sleep(1200)
  expect(objects('NodeClaim')).toEqual([])
  cluster.snapshots.push({ snapshotId: 'snap-unknown', state: 'completed' })
  await cluster.ready(1)
})

test('a Directory that no snapshot brought keeps the pod from starting', async () => {
  await cluster.applyAll(unbaked())
  await cluster.until('FailedMount', () => objects<ApiEvent>('Event').find(({ reason }) => reason === 'FailedMount'))
  const pod = firstPod()
  expect(pod.status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } })
  const log = await cluster.call('GET', `/api/v1/namespaces/default/pods/${pod.metadata.name}/log`)
  expect([log.status, log.body['message']]).toEqual([
    400,
    `container "vllm" in pod "${pod.metadata.name}" is waiting to start: ContainerCreating`,
  ])
})

test('a rollout that gets nowhere exceeds its deadline', async () => {
  await cluster.apply(nodeClassPath, nodeClass('snap-1'))
  await cluster.apply(nodePoolPath, nodePool('other'))
  await cluster.applyAll({ '/apis/apps/v1/namespaces/default/deployments/vllm': Object.values(baked()).at(-1) ?? {} })
  const progressing = await cluster.until('the deadline', () =>
    objects<Deployment>('Deployment')[0]?.status?.conditions?.find(({ reason }) => reason === 'ProgressDeadlineExceeded'),
  )
  expect(progressing.status).toBe('False')
  expect(eventsOf(firstPod()).map(({ message }) => message)).toContainEqual(
    expect.stringContaining('incompatible requirements, label "prebake.dev/nodeclass" does not have known values'),
  )
})

test('the same seed tells the same story', async () => {
  const story = async (started: StartedKubernetes) => {
    await started.applyAll(baked())
    await started.ready(1)
    const pods = started.kubernetes.objects('Pod') as readonly Pod[]
    const { text } = await started.call('GET', `/api/v1/namespaces/default/pods/${pods[0]?.metadata.name}/log`)
    return [pods.map(({ metadata, spec }) => [metadata.name, spec.nodeName]), text.match(/took [\d.]+ seconds|takes [\d.]+ s/g)]
  }
  const other = await startKubernetes()
  const third = await startKubernetes({ seed: 2 })
  try {
    const first = await story(cluster)
    expect(await story(other)).toEqual(first)
    expect(await story(third)).not.toEqual(first)
  } finally {
    await Promise.all([other.stop(), third.stop()])
  }
})
