import { afterEach, expect, test } from '@jest/globals'
import { CancelledError, onRequest, ServiceError, type SentRequest } from '@prebake/kernel'
import { connectAws } from '../src/index.ts'
import { answerServer, ec2Error, type Answer } from './answer-server.ts'
import { builderSpec } from './builder-spec.ts'

const { signal } = new AbortController()
let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function serve(answer: Answer) {
  const server = await answerServer(answer)
  close = server.close
  return { ...(await connectAws({ region: 'us-west-2', account: server.account })), actions: server.actions }
}

const instance =
  '<item><instanceId>i-1</instanceId><launchTime>2026-11-24T19:00:00.000Z</launchTime><instanceState><name>pending</name></instanceState></item>'
const launched = { body: `<RunInstancesResponse><instancesSet>${instance}</instancesSet></RunInstancesResponse>` }

test('a launch is repeated with the same token when its answer is lost', async () => {
  const tokens: (string | null)[] = []
  const { builders } = await serve((form, count) => {
    tokens.push(form.get('ClientToken'))
    return count === 1 ? 'reset' : launched
  })
  expect(await builders.launch(builderSpec, signal)).toMatchObject({ instanceId: 'i-1', state: 'pending', reason: undefined })
  expect(tokens).toEqual(['token-1', 'token-1'])
})

test.each<[string, ReturnType<Answer>]>([
  ['a lost answer', 'reset'],
  ['an error of the service', ec2Error(503, 'InternalError', 'An internal error has occurred')],
  ['throttling', ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.')],
])('a snapshot is asked for once, whatever happens: %s', async (_, reply) => {
  const { snapshots, actions } = await serve(() => reply)
  await expect(snapshots.create('vol-1', '', { run: '1' }, signal)).rejects.toThrow(ServiceError)
  expect(actions).toEqual(['CreateSnapshot'])
})

test('each try is reported to the debug log: operation, status and time, and nothing that it sends', async () => {
  const sent: SentRequest[] = []
  onRequest((request) => sent.push(request))
  const { snapshots } = await serve((_form, count) => (count === 1 ? 'reset' : ec2Error(400, 'InvalidSnapshot.NotFound', 'no')))
  expect(await snapshots.get('snap-1', signal)).toBeUndefined()
  const host = expect.stringMatching(/^127\.0\.0\.1:\d+$/)
  expect(sent).toEqual([
    { method: 'POST', host, operation: 'DescribeSnapshots', status: undefined, ms: expect.any(Number) },
    { method: 'POST', host, operation: 'DescribeSnapshots', status: 400, ms: expect.any(Number) },
  ])
})

test('a listing is read to its last page, newest first', async () => {
  const item = (id: string, day: string) =>
    `<item><snapshotId>${id}</snapshotId><status>completed</status><progress>100%</progress><volumeSize>150</volumeSize><startTime>2026-11-${day}T00:00:00.000Z</startTime></item>`
  const page = (items: string, token = '') => ({
    body: `<DescribeSnapshotsResponse><snapshotSet>${items}</snapshotSet>${token && `<nextToken>${token}</nextToken>`}</DescribeSnapshotsResponse>`,
  })
  const { snapshots, actions } = await serve((form) =>
    form.get('NextToken') === 'more' ? page(item('snap-3', '03')) : page(item('snap-1', '01') + item('snap-2', '02'), 'more'),
  )
  const found = await snapshots.find({ run: '1' }, signal)
  expect(found.map(({ snapshotId }) => snapshotId)).toEqual(['snap-3', 'snap-2', 'snap-1'])
  expect(actions).toHaveLength(2)
})

test('a cancelled run does not wait for an answer', async () => {
  const controller = new AbortController()
  const { builders } = await serve(() => {
    controller.abort()
    return 'hang'
  })
  await expect(builders.get('i-1', controller.signal)).rejects.toThrow(CancelledError)
})

test('a cancelled run does not wait for the next try', async () => {
  const controller = new AbortController()
  const { builders, actions } = await serve((_, count) => {
    if (count === 2) controller.abort()
    return ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.')
  })
  await expect(builders.get('i-1', controller.signal)).rejects.toThrow(CancelledError)
  expect(actions).toHaveLength(2)
})

test('a stop is never forced', async () => {
  const forms: URLSearchParams[] = []
  const { builders } = await serve((form) => {
    forms.push(form)
    return { body: '<StopInstancesResponse/>' }
  })
  await builders.stop('i-1', signal)
  expect(forms[0]?.get('InstanceId.1')).toBe('i-1')
  expect(forms[0]?.has('Force')).toBe(false)
  expect(forms[0]?.has('SkipOsShutdown')).toBe(false)
})

test('a region without a default subnet needs one from the user', async () => {
  const { builders } = await serve(() => ({ body: '<DescribeSubnetsResponse><subnetSet/></DescribeSubnetsResponse>' }))
  await expect(builders.describeSubnet(undefined, signal)).rejects.toMatchObject({
    problems: [{ code: 'subnet-missing', input: 'subnet-id' }],
  })
})
