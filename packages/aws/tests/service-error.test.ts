import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { toServiceError } from '../src/service-error.ts'

/** An exception as the SDK throws it. */
function exception(name: string, message: string, metadata = { httpStatusCode: 400, requestId: 'r-1' }) {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: metadata, $response: { statusCode: 400 } })
}

test('keeps the operation, the code, the words, the status and the request ID', () => {
  const thrown = exception('InvalidVolume.NotFound', "The volume 'vol-1' does not exist.")
  const error = toServiceError('ec2:CreateSnapshot', thrown)
  expect(error).toMatchObject({
    operation: 'CreateSnapshot',
    code: 'InvalidVolume.NotFound',
    status: 400,
    requestId: 'r-1',
    errorCode: 'aws-request-failed',
    hint: undefined,
  })
  expect(error.message).toBe("CreateSnapshot: InvalidVolume.NotFound: The volume 'vol-1' does not exist. (request r-1)")
  expect(error.cause).toBe(thrown)
})

test.each([
  ['UnauthorizedOperation', 'You are not authorized to perform this operation.', 'ec2:RunInstances'],
  [
    'UnauthorizedOperation',
    'You are not authorized to perform this operation. User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/n',
    'iam:PassRole',
  ],
  ['AccessDeniedException', 'User: arn:aws:iam::1:user/u is not authorized to perform: ec2:CreateTags because …', 'ec2:CreateTags'],
])('%s names the action to allow', (code, message, action) => {
  const { hint } = toServiceError('ec2:RunInstances', exception(code, message))
  expect(hint).toContain(`Allow \`${action}\``)
  expect(hint).toContain('deploy/infra/iam')
})

test('tags at creation and tags on a snapshot that is there are two statements', () => {
  const denied = (action: string) =>
    toServiceError(action, exception('UnauthorizedOperation', 'User: u is not authorized to perform: ec2:CreateTags on resource: r')).hint
  expect(denied('ec2:RunInstances')).toContain('"ec2:CreateAction":["CreateSnapshot","RunInstances"]')
  expect(denied('ec2:CreateTags')).toContain('"aws:ResourceTag/prebake:run":"false"')
  expect(denied('ec2:CreateTags')).not.toContain('CreateAction')
})

test.each([
  ['ExpiredTokenException', 'aws-credentials-expired', 'role-duration-seconds'],
  ['RequestExpired', 'aws-credentials-expired', 'role-duration-seconds'],
  ['AuthFailure', 'aws-credentials-refused', 'the role or the keys'],
  ['OptInRequired', 'aws-region-disabled', 'aws-region'],
  ['VcpuLimitExceeded', 'aws-quota-exceeded', 'quota'],
  ['InsufficientInstanceCapacity', 'aws-capacity-missing', 'subnet-id'],
  ['SnapshotLimitExceeded', 'aws-quota-exceeded', 'Name=tag-key,Values=prebake:run'],
  ['RequestLimitExceeded', 'aws-throttled', 'in a few minutes'],
  ['InternalError', 'aws-unavailable', 'in a few minutes'],
])('%s is %s', (code, errorCode, part) => {
  const error = toServiceError('ec2:RunInstances', exception(code, 'no'))
  expect(error).toMatchObject({ code, errorCode, hint: expect.stringContaining(part) })
})

test.each([
  [
    'a network error',
    Object.assign(new Error('getaddrinfo ENOTFOUND ec2.eu-west-9.amazonaws.com'), { code: 'ENOTFOUND' }),
    'ENOTFOUND',
    'aws-region',
  ],
  [
    'a time-out of the handler',
    Object.assign(new Error('too late'), { name: 'TimeoutError', code: 'ETIMEDOUT' }),
    'ETIMEDOUT',
    'HTTPS_PROXY',
  ],
  [
    'several refused addresses',
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:9')], ''), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED: connect ECONNREFUSED ::1:9',
    'HTTPS_PROXY',
  ],
  [
    'an answer that is not AWS’s',
    Object.assign(new SyntaxError("Unexpected token '<'\n  Deserialization error: to see …"), { $response: { statusCode: 502 } }),
    "UnreadableAnswer: Unexpected token '<'",
    'proxy',
  ],
])('translates %s', (_, thrown, part, hint) => {
  const error = toServiceError('ssm:SendCommand', thrown)
  expect(error.message).toContain(part)
  expect(error.message).not.toContain('\n')
  expect(error.errorCode).toBe(part.startsWith('Unreadable') ? 'aws-response-unreadable' : 'aws-not-reached')
  expect(error.hint).toContain(hint)
})

test('the kilobyte that only STS can read is left out', () => {
  const words = 'You are not authorized to perform this operation. User: u is not authorized to perform: ec2:RunInstances.'
  const { message, hint } = toServiceError(
    'ec2:RunInstances',
    exception('UnauthorizedOperation', `${words} Encoded authorization failure message: ${'x_-'.repeat(300)}`),
  )
  expect(message).toBe(`RunInstances: UnauthorizedOperation: ${words} (request r-1)`)
  expect(hint).toContain('Allow `ec2:RunInstances`')
})

test('is one of ours already: stays as it is', () => {
  const error = new ServiceError({ operation: 'a', code: 'b', message: 'c' })
  expect(toServiceError('ec2:Any', error)).toBe(error)
})

const refused = (code: string, status: number) =>
  toServiceError('ec2:CreateSnapshot', { name: code, $fault: 'client', $metadata: { httpStatusCode: status } })

test.each([
  ['RequestLimitExceeded', 503],
  ['Throttling', 400],
  ['SnapshotCreationPerVolumeRateExceeded', 400],
  ['InternalError', 500],
  ['InsufficientInstanceCapacity', 500],
])('%s (%i) may succeed later', (code, status) => expect(refused(code, status).transient).toBe(true))

test.each([
  ['UnauthorizedOperation', 403],
  ['InvalidParameterValue', 400],
  ['VcpuLimitExceeded', 400],
])('%s (%i) is final', (code, status) => expect(refused(code, status).transient).toBe(false))

test.each([
  ['no response', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), true],
  ['half a response', Object.assign(new Error('not XML'), { $response: { statusCode: 200 } }), true],
  ["a proxy's page", Object.assign(new Error('not XML'), { $response: { statusCode: 403 } }), false],
])('%s: whether the request was carried out is unknown, or it was not', (_title, thrown, transient) =>
  expect(toServiceError('ec2:CreateSnapshot', thrown).transient).toBe(transient),
)
