import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Deployment } from '../../src/kubernetes/objects.ts'
import { baked, deployment, nodeClass, nodeClassPath } from './manifests.ts'
import { deploymentPath, startKubernetes, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
})
afterEach(() => cluster.stop())

const failure = (code: number, reason: string, message: string) =>
  expect.objectContaining({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message })
const manifest = (): object => baked()[deploymentPath] as object

test.each([
  ['an unknown token', 'GET', '/api/v1/pods', 'Bearer other', failure(401, 'Unauthorized', 'Unauthorized')],
  ['no token', 'GET', '/api/v1/pods', '', failure(401, 'Unauthorized', 'Unauthorized')],
  ['a missing object', 'GET', deploymentPath, undefined, failure(404, 'NotFound', 'deployments.apps "vllm" not found')],
  [
    'a missing object of the core group',
    'GET',
    '/api/v1/namespaces/default/pods/x',
    undefined,
    failure(404, 'NotFound', 'pods "x" not found'),
  ],
  [
    'an unknown kind',
    'GET',
    '/apis/apps/v1/namespaces/default/things',
    undefined,
    failure(404, 'NotFound', 'the server could not find the requested resource'),
  ],
  [
    'a field that nobody selects by',
    'GET',
    '/api/v1/pods?fieldSelector=spec.foo%3D1',
    undefined,
    failure(400, 'BadRequest', 'field label not supported: spec.foo'),
  ],
])('%s gets a Status', async (_, method, path, authorization, status) => {
  expect((await cluster.call(method, path, undefined, undefined, authorization)).body).toEqual(status)
})

test.each([
  ['without a manager', deploymentPath, manifest(), 422, /fieldManager: Required value/],
  ['of another kind', `${nodeClassPath}?fieldManager=a`, manifest(), 400, /must be of type EC2NodeClass/],
  [
    'with another name',
    '/apis/apps/v1/namespaces/default/deployments/other?fieldManager=a',
    manifest(),
    400,
    /does not match the name on the URL/,
  ],
  ['into no namespace', '/apis/apps/v1/namespaces/none/deployments/vllm?fieldManager=a', manifest(), 404, /namespaces "none" not found/],
  [
    'without what is needed',
    `${deploymentPath}?fieldManager=a`,
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: {} },
    422,
    /spec.selector: Required value/,
  ],
])('an apply %s is refused', async (_, path, document, code, message) => {
  const { status, body } = await cluster.call('PATCH', path, document, 'application/apply-patch+yaml')
  expect({ status, message: body['message'] }).toEqual({ status: code, message: expect.stringMatching(message) })
})

test('discovery names the kinds, their groups and whether they have namespaces', async () => {
  const { body } = await cluster.call('GET', '/apis/karpenter.k8s.aws/v1')
  expect(body['resources']).toContainEqual(expect.objectContaining({ name: 'ec2nodeclasses', kind: 'EC2NodeClass', namespaced: false }))
  expect((await cluster.call('GET', '/apis/apps/v1')).body['resources']).toContainEqual(
    expect.objectContaining({ name: 'deployments/scale', kind: 'Scale', group: 'autoscaling' }),
  )
  expect((await cluster.call('GET', '/version')).body).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) })
  expect((await cluster.call('GET', '/apis/none/v1')).status).toBe(404)
})

test('apply creates, merges, and changes nothing where nothing is new', async () => {
  const dry = await cluster.apply(nodeClassPath, nodeClass('snap-1'), '&dryRun=All')
  expect([dry.status, dry.body.kind, cluster.kubernetes.objects('EC2NodeClass').length]).toEqual([201, 'EC2NodeClass', 0])

  const created = await cluster.apply(nodeClassPath, { ...nodeClass('snap-1'), metadata: { name: 'vllm', labels: { a: '1', b: '2' } } })
  expect(created.status).toBe(201)
  expect(created.body.metadata).toMatchObject({
    generation: 1,
    labels: { a: '1', b: '2' },
    managedFields: [{ manager: 'test', operation: 'Apply' }],
  })
  await cluster.until('Ready', () =>
    (cluster.kubernetes.objects('EC2NodeClass')[0] as Deployment | undefined)?.status?.conditions?.find(({ type }) => type === 'Ready'),
  )

  const before = cluster.kubernetes.objects('EC2NodeClass')[0]
  const again = await cluster.apply(nodeClassPath, { ...nodeClass('snap-1'), metadata: { name: 'vllm', labels: { a: '1', b: '2' } } })
  expect([again.status, again.body]).toEqual([200, before])

  const fewer = await cluster.apply(nodeClassPath, { ...nodeClass('snap-1'), metadata: { name: 'vllm', labels: { a: '3' } } })
  expect(fewer.body.metadata).toMatchObject({ labels: { a: '3' }, generation: 1 })
  expect(fewer.body.metadata.labels).not.toHaveProperty('b')
  expect(fewer.body).toHaveProperty('status.conditions')
  expect((await cluster.apply(nodeClassPath, nodeClass('snap-2'))).body.metadata.generation).toBe(2)
})

test('a document without replicas leaves them to whoever scales', async () => {
  await cluster.applyAll(baked())
  expect((await cluster.scale(3)).body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { selector: 'app=vllm' } })
  const { body } = await cluster.apply(deploymentPath, manifest())
  expect(body).toHaveProperty('spec.replicas', 3)
  const wrong = await cluster.call('PATCH', `${deploymentPath}/scale`, { spec: { replicas: -1 } }, 'application/merge-patch+json')
  expect(wrong.body).toEqual(failure(422, 'Invalid', expect.stringContaining('must be greater than or equal to 0') as unknown as string))
})

test('lists of built-in kinds leave kind and version out of their items, those of custom kinds do not', async () => {
  await cluster.applyAll(baked())
  const read = async (path: string) =>
    (await cluster.call('GET', path)).body as unknown as { kind: string; items: Record<string, unknown>[] }
  const [deployments, classes] = [
    await read('/apis/apps/v1/deployments?labelSelector=app%20in%20(vllm)'),
    await read('/apis/karpenter.k8s.aws/v1/ec2nodeclasses'),
  ]
  expect([deployments.kind, deployments.items.length, deployments.items[0]?.['kind']]).toEqual(['DeploymentList', 1, undefined])
  expect([classes.kind, classes.items[0]?.['kind']]).toEqual(['EC2NodeClassList', 'EC2NodeClass'])
  expect((await read('/apis/apps/v1/deployments?labelSelector=app!%3Dvllm')).items).toEqual([])
  expect((await read('/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dvllm')).items).toHaveLength(1)
})

test('the journal names requests as kubectl does, without the token', async () => {
  await cluster.apply(deploymentPath, deployment('x', '/m', []), '&dryRun=All')
  await cluster.call('GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm')
  await cluster.scale(2)
  await cluster.call('GET', '/api/v1/namespaces/default/pods/x/log')
  await cluster.call('GET', '/apis/apps/v1')
  const names = [
    'apply Deployment default/vllm (dry run)',
    'list Pod',
    'patch Scale default/vllm',
    'log Pod default/x',
    'discover /apis/apps/v1',
  ]
  expect(cluster.journal.entries().map(({ operation }) => operation)).toEqual(names)
  expect(JSON.stringify(cluster.journal.entries())).not.toContain('a-token')
})
