import type { SimulatedResponse } from '../core/serve.ts'
import { accountId, kmsKeyArn, region } from './account.ts'
import { AwsError } from './aws-error.ts'
import { jsonResponse } from './ssm/answer-ssm.ts'
import { type JsonObject, requiredString } from './ssm/json.ts'

/** Answers one KMS request: DescribeKey is all that there is. @throws AwsError. */
export function answerKms(name: string, input: JsonObject, requestId: string): SimulatedResponse {
  if (name !== 'DescribeKey') throw new AwsError('UnknownOperationException', '')
  const keyId = requiredString(input, 'KeyId')
  if (keyId !== kmsKeyArn && !kmsKeyArn.endsWith(`/${keyId}`)) throw new AwsError('NotFoundException', `Key '${keyId}' does not exist`)
  const metadata = {
    AWSAccountId: accountId,
    KeyId: kmsKeyArn.split('/')[1],
    Arn: kmsKeyArn,
    Enabled: true,
    KeyState: 'Enabled',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyManager: 'CUSTOMER',
  }
  return jsonResponse(200, { KeyMetadata: metadata }, requestId)
}

/** vCPUs that the account may run at once. Spot is as a new account has it (EC2 user guide, "Spot Instance quotas": 0 for G and P). */
const quotas: Readonly<Record<string, readonly [name: string, vcpus: number]>> = {
  'L-DB2E81BA': ['Running On-Demand G and VT instances', 192],
  'L-417A185B': ['Running On-Demand P instances', 0],
  'L-3819A6DF': ['All G and VT Spot Instance Requests', 0],
  'L-7212CCBC': ['All P Spot Instance Requests', 0],
}

/** Answers one request to Service Quotas: GetServiceQuota of EC2 is all that there is. @throws AwsError. */
export function answerQuotas(name: string, input: JsonObject, requestId: string): SimulatedResponse {
  if (name !== 'GetServiceQuota') throw new AwsError('UnknownOperationException', '')
  const service = requiredString(input, 'ServiceCode')
  const code = requiredString(input, 'QuotaCode')
  const found = service === 'ec2' ? quotas[code] : undefined
  if (found === undefined)
    throw new AwsError('NoSuchResourceException', 'The request failed because the specified service quota code does not exist.')
  const quota = {
    ServiceCode: service,
    ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
    QuotaArn: `arn:aws:servicequotas:${region}:${accountId}:ec2/${code}`,
    QuotaCode: code,
    QuotaName: found[0],
    Value: found[1],
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  }
  return jsonResponse(200, { Quota: quota }, requestId)
}
