import { expect, test } from '@jest/globals'
import { classes, deployment, deployments, nodeClass, useApiServer } from './start-api.ts'

const { server, call, apply, patch } = useApiServer()
const vllm = `${deployments}/vllm`
const failure = (code: number, reason: string, message: string) =>
  expect.objectContaining({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message })

test.each([
  ['an unknown token', '/api/v1/pods', 'Bearer other', failure(401, 'Unauthorized', 'Unauthorized')],
  ['no token', '/api/v1/pods', '', failure(401, 'Unauthorized', 'Unauthorized')],
  ['a missing object', vllm, undefined, failure(404, 'NotFound', 'deployments.apps "vllm" not found')],
  ['one of the core group', '/api/v1/namespaces/default/pods/x', undefined, failure(404, 'NotFound', 'pods "x" not found')],
  ['an unknown kind', '/apis/apps/v1/things', undefined, failure(404, 'NotFound', 'the server could not find the requested resource')],
  [
    'an unknown field',
    '/api/v1/pods?fieldSelector=spec.foo%3D1',
    undefined,
    failure(400, 'BadRequest', 'field label not supported: spec.foo'),
  ],
])('%s gets a Status', async (_, path, authorization, status) => {
  expect((await call('GET', path, undefined, undefined, authorization)).body).toEqual(status)
})

test.each([
  ['without a manager', vllm, deployment, 422, /fieldManager: Required value/],
  ['of another kind', `${classes}/vllm?fieldManager=a`, deployment, 400, /must be of type EC2NodeClass/],
  ['with another name', `${deployments}/other?fieldManager=a`, deployment, 400, /does not match the name on the URL/],
  ['into no namespace', '/apis/apps/v1/namespaces/none/deployments/vllm?fieldManager=a', deployment, 404, /namespaces "none" not found/],
  [
    'without its spec',
    `${vllm}?fieldManager=a`,
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: {} },
    422,
    /spec.selector: Required value/,
  ],
])('an apply %s is refused', async (_, path, document, code, message) => {
  const { status, body } = await call('PATCH', path, document, 'application/apply-patch+yaml')
  expect({ status, message: body['message'] }).toEqual({ status: code, message: expect.stringMatching(message) })
})

const changed = (labels: object, selector: object = { matchLabels: { app: 'vllm' } }) => ({
  ...deployment,
  metadata: { name: 'strict', labels },
  spec: { ...deployment.spec, selector },
})
test.each([
  ['a label that is too long', changed({ a: 'x'.repeat(64) }), /must be no more than 63 characters/],
  ['a label with a space', changed({ a: 'x y' }), /a valid label must be an empty string/],
  ['a selector that misses its pods', changed({}, { matchLabels: { app: 'other' } }), /`selector` does not match template `labels`/],
])('%s is refused', async (_, document, message) => {
  const { status, body } = await call('PATCH', `${deployments}/strict?fieldManager=a`, document, 'application/apply-patch+yaml')
  expect({ status, message: body['message'] }).toEqual({ status: 422, message: expect.stringMatching(message) })
})

test('the selector of a Deployment never changes', async () => {
  const path = `${deployments}/immutable?fieldManager=a`
  const given = { ...deployment, metadata: { name: 'immutable' } }
  expect((await call('PATCH', path, given, 'application/apply-patch+yaml')).status).toBe(201)
  const { template } = given.spec
  const labels = { ...template.metadata.labels, more: 'yes' }
  const other = { ...given, spec: { ...given.spec, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } } }
  const { status, body } = await call('PATCH', path, other, 'application/apply-patch+yaml')
  expect({ status, message: body['message'] }).toEqual({ status: 422, message: expect.stringContaining('field is immutable') })
})

test('discovery names the kinds, their groups and whether they have namespaces', async () => {
  const resources = async (path: string) => (await call('GET', path)).body['resources']
  expect(await resources('/apis/karpenter.k8s.aws/v1')).toContainEqual(
    expect.objectContaining({ name: 'ec2nodeclasses', kind: 'EC2NodeClass', namespaced: false }),
  )
  expect(await resources('/apis/apps/v1')).toContainEqual(
    expect.objectContaining({ name: 'deployments/scale', kind: 'Scale', group: 'autoscaling' }),
  )
  expect((await call('GET', '/version')).body).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) })
  expect((await call('GET', '/apis/none/v1')).status).toBe(404)
})

test('an apply answers 201 for what is new, 200 for what is there; a changed spec is a new generation', async () => {
  expect(await apply(`${classes}/vllm`, nodeClass(), '&dryRun=All')).toMatchObject({ status: 201, body: { kind: 'EC2NodeClass' } })
  expect(server().objects('EC2NodeClass')).toEqual([])
  const created = await apply(`${classes}/vllm`, nodeClass({ a: '1', b: '2' }))
  expect(created).toMatchObject({
    status: 201,
    body: { metadata: { generation: 1, managedFields: [{ manager: 'test', operation: 'Apply' }] } },
  })
  expect(await apply(`${classes}/vllm`, nodeClass({ a: '1', b: '2' }))).toEqual({ status: 200, body: created.body })
  const fewer = await apply(`${classes}/vllm`, nodeClass({ a: '3' }))
  expect([fewer.body.metadata.labels, fewer.body.metadata.generation]).toEqual([{ a: '3' }, 1])
  expect((await apply(`${classes}/vllm`, nodeClass({ a: '3' }, 'other'))).body.metadata.generation).toBe(2)
})

test('the scale subresource is of autoscaling/v1, and refuses a negative number', async () => {
  await apply(vllm, deployment)
  const scaled = await patch(`${vllm}/scale`, { spec: { replicas: 3 } })
  expect(scaled.body).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    spec: { replicas: 3 },
    status: { selector: 'app=vllm' },
  })
  expect((await patch(`${vllm}/scale`, { spec: { replicas: -1 } })).body).toEqual(
    failure(422, 'Invalid', expect.stringContaining('must be greater than or equal to 0') as unknown as string),
  )
})

test('lists of built-in kinds leave kind and version out of their items, those of custom kinds do not', async () => {
  await apply(vllm, deployment)
  await apply(`${classes}/vllm`, nodeClass())
  const read = async (path: string) => (await call('GET', path)).body as unknown as { kind: string; items: Record<string, unknown>[] }
  const { kind, items } = await read(`${deployments}?labelSelector=app%20in%20(vllm)`)
  expect([kind, items.map((item) => item['kind'])]).toEqual(['DeploymentList', [undefined]])
  expect(await read(classes)).toMatchObject({ kind: 'EC2NodeClassList', items: [{ kind: 'EC2NodeClass' }] })
  expect((await read(`${deployments}?labelSelector=app!%3Dvllm`)).items).toEqual([])
  expect((await read(`${deployments}?fieldSelector=metadata.name%3Dvllm`)).items).toHaveLength(1)
})

test('the journal names requests as kubectl does, without the token', async () => {
  await apply(vllm, deployment, '&dryRun=All')
  await call('GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dvllm')
  await patch(`${vllm}/scale`, { spec: { replicas: 2 } })
  await call('GET', '/api/v1/namespaces/default/pods/x/log')
  await call('GET', '/apis/apps/v1')
  expect(
    server()
      .requests()
      .map(({ operation }) => operation),
  ).toEqual([
    'apply Deployment default/vllm (dry run)',
    'list Pod',
    'patch Scale default/vllm',
    'log Pod default/x',
    'discover /apis/apps/v1',
  ])
  expect(JSON.stringify(server().requests())).not.toContain('the-token')
})
