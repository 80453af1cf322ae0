import type { SimulatedResponse } from '../../core/serve.ts'
import { AwsError } from '../aws-error.ts'
import { newUuid, type Cloud } from '../cloud.ts'
import { getCommandInvocation } from './invocations.ts'
import { describeInstanceInformation } from './inventory.ts'
import type { JsonObject } from './json.ts'
import { getParametersByPath, putParameter } from './own-parameters.ts'
import { getParameter } from './parameters.ts'
import { sendCommand } from './send-command.ts'

type Operation = (cloud: Cloud, input: JsonObject) => JsonObject

const operations: Readonly<Record<string, Operation>> = {
  GetParameter: (_, input) => getParameter(input),
  GetParametersByPath: getParametersByPath,
  PutParameter: putParameter,
  DescribeInstanceInformation: describeInstanceInformation,
  SendCommand: sendCommand,
  GetCommandInvocation: getCommandInvocation,
}

/** Answers one SSM request. @throws AwsError. */
export function answerSsm(cloud: Cloud, name: string, input: JsonObject): SimulatedResponse {
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (run === undefined) throw new AwsError('UnknownOperationException', '')
  return jsonResponse(200, run(cloud, input), newUuid(cloud.random))
}

/** The form of an error in AWS's JSON protocol 1.1; a few of SSM's errors come without a message. */
export const ssmError = (status: number, code: string, message: string, requestId: string): SimulatedResponse =>
  jsonResponse(status, { __type: code, ...(message !== '' && { message }) }, requestId)

/** An answer in AWS's JSON protocol 1.1, which KMS and Service Quotas speak too. */
export const jsonResponse = (status: number, content: JsonObject, requestId: string): SimulatedResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
  body: JSON.stringify(content),
})
