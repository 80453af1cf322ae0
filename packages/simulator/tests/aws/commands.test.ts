import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { timings } from '../../src/timings.ts'
import { launch } from './launch.ts'
import { ssm, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
let instanceId: string
beforeEach(async () => {
  aws = await startAws()
  instanceId = await launch(aws)
})
afterEach(() => aws.close())

const send = (commands: readonly string[], more: object = {}) =>
  ssm(aws.url, 'SendCommand', { DocumentName: 'AWS-RunShellScript', InstanceIds: [instanceId], Parameters: { commands }, ...more })

/** Sends as soon as the agent is online, and no later. */
async function sent(command: string): Promise<string> {
  const { body } = await aws.eventually(async () => {
    const answer = await send([command])
    return answer.status === 200 ? answer : undefined
  })
  return (body['Command'] as { CommandId: string }).CommandId
}

const look = async (commandId: string) =>
  (await ssm(aws.url, 'GetCommandInvocation', { InstanceId: instanceId, CommandId: commandId })).body
const ended = (commandId: string) =>
  aws.eventually(async () => {
    const seen = await look(commandId)
    return ['Pending', 'InProgress', undefined].includes(seen['Status'] as string | undefined) ? undefined : seen
  })

test('an instance that is not online gets no command', async () => {
  expect(await send(['true'])).toMatchObject({ status: 400, body: { __type: 'InvalidInstanceId' } })
})

test('an invocation is unknown at first, then pending and running without output, then ended with it', async () => {
  const commandId = await sent('echo out; mkfifo fifo; read line < fifo; echo "$line"')
  expect(await look(commandId)).toEqual({ __type: 'InvocationDoesNotExist' })
  await aws.clock.advance(timings.invocationUnknown.seconds * 1.1)
  expect(await look(commandId)).toMatchObject({ Status: 'InProgress', ResponseCode: -1, StandardOutputContent: '' })
  const opener = await sent('until [ -p fifo ]; do :; done; echo go > fifo')
  expect(await ended(commandId)).toMatchObject({
    Status: 'Success',
    ResponseCode: 0,
    StandardOutputContent: 'out\ngo\n',
    StandardErrorContent: '',
  })
  expect(await ended(opener)).toMatchObject({ Status: 'Success' })
})

test('a command that fails says so with its exit code', async () => {
  expect(await ended(await sent('echo why; exit 3'))).toMatchObject({
    Status: 'Failed',
    StatusDetails: 'Failed',
    ResponseCode: 3,
    StandardOutputContent: 'why\n',
    StandardErrorContent: 'failed to run commands: exit status 3',
  })
})

test('output is cut at 24,000 characters', async () => {
  const seen = await ended(await sent(`printf '%025000d' 0`))
  expect(seen['StandardOutputContent']).toHaveLength(24_000)
})

test.each([
  ['a document that is not there', { DocumentName: 'AWS-RunNothing' }, 'InvalidDocument'],
  ['a comment that is too long', { Comment: 'x'.repeat(101) }, 'ValidationException'],
  ['a delivery timeout under 30 s', { TimeoutSeconds: 29 }, 'ValidationException'],
  ['no commands', { Parameters: {} }, 'InvalidParameters'],
  ['a parameter that the document lacks', { Parameters: { commands: ['true'], timeout: ['1'] } }, 'InvalidParameters'],
  ['an execution timeout over two days', { Parameters: { commands: ['true'], executionTimeout: ['172801'] } }, 'InvalidParameters'],
  ['more than 64 KiB', { Parameters: { commands: ['x'.repeat(65_536)] } }, 'MaxDocumentSizeExceeded'],
])('refuses %s', async (_, changes, type) => {
  expect(await send(['true'], changes)).toMatchObject({ status: 400, body: { __type: type } })
})

test('an invocation of another instance does not exist', async () => {
  const commandId = await sent('true')
  await ended(commandId)
  const answer = await ssm(aws.url, 'GetCommandInvocation', { InstanceId: 'i-0123456789abcdef0', CommandId: commandId })
  expect(answer.body).toEqual({ __type: 'InvocationDoesNotExist' })
})
