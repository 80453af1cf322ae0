import { afterEach, expect, test } from '@jest/globals'
import { query, ssm, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
afterEach(() => aws.close())

test('an unsigned request is refused in the words of each service', async () => {
  aws = await startAws()
  expect(await query(aws.url, 'DescribeSubnets', {}, false)).toMatchObject({ status: 401, code: 'AuthFailure' })
  const answer = await ssm(aws.url, 'GetParameter', { Name: 'x' }, false)
  expect(answer).toMatchObject({ status: 400, body: { __type: 'MissingAuthenticationTokenException' } })
})

test('an unknown action is refused in the form of each service', async () => {
  aws = await startAws()
  const { status, body } = await query(aws.url, 'DescribeEverything')
  expect(status).toBe(400)
  expect(body).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Response><Errors><Error><Code>InvalidAction<\/Code><Message>The action DescribeEverything is not valid for this web service\.<\/Message><\/Error><\/Errors><RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/,
  )
  expect(await query(aws.url, 'constructor')).toMatchObject({ code: 'InvalidAction' })
  expect(await ssm(aws.url, 'DescribeEverything', {})).toEqual({ status: 400, body: { __type: 'UnknownOperationException' } })
})

test('a scripted error has the form of the service that it hits', async () => {
  const effect = { kind: 'error', status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' } as const
  aws = await startAws({
    faults: [
      { server: 'aws', operation: 'DescribeSubnets', effect },
      { server: 'aws', operation: 'GetParameter', effect },
    ],
  })
  expect(await query(aws.url, 'DescribeSubnets')).toMatchObject({ status: 503, code: 'RequestLimitExceeded' })
  expect(await ssm(aws.url, 'GetParameter', {})).toEqual({
    status: 503,
    body: { __type: 'RequestLimitExceeded', message: 'Request limit exceeded.' },
  })
})

test('the journal holds the parsed parameters and no credentials', async () => {
  aws = await startAws()
  await query(aws.url, 'DescribeSubnets', { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': 'vpc-1', 'Filter.1.Value.2': 'vpc-2' })
  await ssm(aws.url, 'GetParameter', { Name: '/aws/service/bottlerocket/aws-k8s-1.34/x86_64/latest/image_id' })
  expect(aws.journal.entries()).toMatchObject([
    { server: 'aws', operation: 'DescribeSubnets', parameters: { Filter: [{ Name: 'vpc-id', Value: ['vpc-1', 'vpc-2'] }] } },
    { server: 'aws', operation: 'GetParameter', parameters: { Name: '/aws/service/bottlerocket/aws-k8s-1.34/x86_64/latest/image_id' } },
  ])
  expect(JSON.stringify(aws.journal.entries())).not.toContain('AKIDEXAMPLE')
})

test.each([
  ['aws-k8s-1.34/x86_64/latest/image_version', '1.69.0-3d90c7fa'],
  ['aws-k8s-1.34/x86_64/1.57.0/image_version', '1.57.0-b1e29d64'],
  ['aws-k8s-1.31-nvidia/arm64/1.56.0/image_version', '1.56.0-7c41f0b2'],
  ['aws-k8s-1.35/x86_64/1.56.0/image_id', expect.stringMatching(/^ami-0[0-9a-f]{16}$/)],
])('the public parameter of Bottlerocket: %s', async (name, value) => {
  aws = await startAws()
  const { body } = await ssm(aws.url, 'GetParameter', { Name: `/aws/service/bottlerocket/${name}` })
  expect(body).toMatchObject({ Parameter: { Type: 'String', Value: value } })
})

test.each([
  'aws-k8s-1.29/x86_64/latest/image_id',
  'aws-k8s-1.34/x86_64/9.9.9/image_id',
  'aws-k8s-1.34/x86_64/latest/image',
  'aws-k8s-1.34/x86_64/latest',
])('no such parameter: %s', async (name) => {
  aws = await startAws()
  const answer = await ssm(aws.url, 'GetParameter', { Name: `/aws/service/bottlerocket/${name}` })
  expect(answer).toEqual({ status: 400, body: { __type: 'ParameterNotFound' } })
})
