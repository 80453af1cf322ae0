import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { kmsKeyArn } from '../../src/aws/account.ts'
import { doomedKeyArn } from '../../src/aws/kms/answer-kms.ts'
import { query, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
beforeAll(async () => void (aws = await startAws()))
afterAll(() => aws.close())

async function describeKey(keyId: unknown, operation = 'DescribeKey', service = 'kms') {
  const signature = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-west-2/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  const response = await fetch(aws.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}`, authorization: signature },
    body: JSON.stringify({ KeyId: keyId }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('keys: one that may be used, one that is going to be deleted, and none', async () => {
  expect(await describeKey(kmsKeyArn)).toMatchObject({
    status: 200,
    body: { KeyMetadata: { Arn: kmsKeyArn, KeyState: 'Enabled', Enabled: true } },
  })
  expect(await describeKey(doomedKeyArn.split('/')[1])).toMatchObject({
    body: { KeyMetadata: { KeyState: 'PendingDeletion', Enabled: false } },
  })
  expect(await describeKey('nothing')).toMatchObject({ status: 400, body: { __type: 'NotFoundException' } })
  expect(await describeKey(undefined)).toMatchObject({ status: 400, body: { __type: 'ValidationException' } })
  expect(await describeKey(kmsKeyArn, 'Decrypt')).toMatchObject({ status: 400, body: { __type: 'UnknownOperationException' } })
  expect(await describeKey(kmsKeyArn, 'DescribeKey', 's3')).toMatchObject({ body: { __type: 'MissingAuthenticationTokenException' } })
  expect(aws.journal.entries().map(({ operation }) => operation)).toContain('DescribeKey')
})

test('Fast Snapshot Restore of a snapshot that is not there', async () => {
  const parameters = { 'SourceSnapshotId.1': 'snap-0fffffffffffffff0', 'AvailabilityZone.1': 'us-west-2a' }
  expect(await query(aws.url, 'EnableFastSnapshotRestores', parameters)).toMatchObject({ code: 'InvalidSnapshot.NotFound' })
  expect((await query(aws.url, 'DescribeFastSnapshotRestores')).body).toContain('<fastSnapshotRestoreSet></fastSnapshotRestoreSet>')
})
