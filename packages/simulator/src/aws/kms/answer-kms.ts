import type { SimulatedResponse } from '../../core/serve.ts'
import { accountId, kmsKeyArn } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { jsonResponse } from '../ssm/answer-ssm.ts'
import { requiredString, type JsonObject } from '../ssm/json.ts'

/** A key that somebody has scheduled for deletion. */
export const doomedKeyArn = kmsKeyArn.replace(/[^/]+$/, '2f3e4d5c-6b7a-4899-9dae-1b2c3d4e5f60')

const keys: Readonly<Record<string, string>> = { [kmsKeyArn]: 'Enabled', [doomedKeyArn]: 'PendingDeletion' }

/** Answers one KMS request: DescribeKey is all that there is. @throws AwsError. */
export function answerKms(name: string, input: JsonObject, requestId: string): SimulatedResponse {
  if (name !== 'DescribeKey') throw new AwsError('UnknownOperationException', '')
  const keyId = requiredString(input, 'KeyId')
  const arn = Object.keys(keys).find((key) => key === keyId || key.endsWith(`/${keyId}`))
  if (arn === undefined) throw new AwsError('NotFoundException', `Key '${keyId}' does not exist`)
  const metadata = {
    AWSAccountId: accountId,
    KeyId: arn.split('/')[1],
    Arn: arn,
    Enabled: keys[arn] === 'Enabled',
    KeyState: keys[arn],
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyManager: 'CUSTOMER',
  }
  return jsonResponse(200, { KeyMetadata: metadata }, requestId)
}
