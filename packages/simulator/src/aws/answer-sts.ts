import type { SimulatedResponse } from '../core/serve.ts'
import { accountId, callerArn } from './account.ts'
import { AwsError } from './aws-error.ts'
import { newUuid, type Cloud } from './cloud.ts'
import { xmlResponse } from './ec2/xml.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** Answers one STS request. @throws AwsError. */
export function answerSts(cloud: Cloud, action: string): SimulatedResponse {
  if (action !== 'GetCallerIdentity') throw new AwsError('InvalidAction', `Could not find operation ${action} for version 2011-06-15`)
  const requestId = newUuid(cloud.random)
  const result = { Arn: callerArn, UserId: 'AROA3XFRBF535EXAMPLE1:simulation', Account: accountId }
  const content = { '@xmlns': namespace, GetCallerIdentityResult: result, ResponseMetadata: { RequestId: requestId } }
  return xmlResponse(200, 'GetCallerIdentityResponse', content, requestId)
}

export const stsError = (status: number, code: string, message: string, requestId: string): SimulatedResponse =>
  xmlResponse(
    status,
    'ErrorResponse',
    { '@xmlns': namespace, Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message }, RequestId: requestId },
    requestId,
  )
