import { EKSClient } from '@aws-sdk/client-eks'
import { expect, test } from '@jest/globals'
import { InputError, type Clock } from '@prebake/kernel'
import { eksTokens } from '../src/eks-token.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const start = Date.parse('2026-11-24T20:00:00Z')

function clockAt(): Clock & { at: number } {
  const clock = { at: start, now: () => new Date(clock.at), sleep: () => Promise.reject(new Error('not asked for')) }
  return clock
}

function tokensFor(region: string, more: { expiration?: Date; sessionToken?: string } = {}, onToken?: (token: string) => void) {
  const clock = clockAt()
  const eks = new EKSClient({ region, credentials: () => Promise.resolve({ ...keys, ...more }) })
  return { clock, token: eksTokens(eks.config, { region, clusterId: 'demo', clock, onToken }) }
}

const addressIn = (token: string) => new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString())

test('the token is the one that botocore signs, as the AWS CLI does (botocore 1.44.8 gave this signature)', async () => {
  const { token } = tokensFor('us-west-2', { sessionToken: 'the/session+token==' })
  const { searchParams, origin, pathname } = addressIn(await token())
  expect(origin + pathname).toBe('https://sts.us-west-2.amazonaws.com/')
  expect(Object.fromEntries(searchParams)).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20261124/us-west-2/sts/aws4_request',
    'X-Amz-Date': '20261124T200000Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Security-Token': 'the/session+token==',
    'X-Amz-Signature': '5610612e6347a2e0c9f3157a06f9d31ac85910d2330d3ab1bf848314480adfd3',
  })
})

test.each([
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', 'sts.us-iso-east-1.c2s.ic.gov'],
])('in %s STS is %s', async (region, host) => {
  expect(addressIn(await tokensFor(region).token()).host).toBe(host)
})

test('a token is used for ten minutes, and reported before its first use', async () => {
  const reported: string[] = []
  const { clock, token } = tokensFor('us-west-2', {}, (each) => reported.push(each))
  const first = await token()
  clock.at = start + 599_000
  expect(await token()).toBe(first)
  clock.at = start + 600_000
  const second = await token()
  expect(second).not.toBe(first)
  expect(addressIn(second).searchParams.get('X-Amz-Date')).toBe('20261124T201000Z')
  expect(reported).toEqual([first, second])
})

test('not longer than its credentials', async () => {
  const { clock, token } = tokensFor('us-west-2', { expiration: new Date(start + 120_000) })
  const first = await token()
  clock.at = start + 120_000
  expect(await token()).not.toBe(first)
})

test('expired credentials are an error, and loaded again', async () => {
  const clock = clockAt()
  let gone = true
  const credentials = () => (gone ? Promise.reject(new Error('the token of the job has ended')) : Promise.resolve(keys))
  // Without the client's own memory.
  const token = eksTokens({ credentials, sha256: new EKSClient({ region: 'us-west-2' }).config.sha256 } as unknown as EKSClient['config'], {
    region: 'us-west-2',
    clusterId: 'demo',
    clock,
  })
  const error: unknown = await token().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).problems).toMatchObject([{ input: 'AWS credentials', wrong: expect.stringContaining('has ended') }])
  gone = false
  expect(await token()).toMatch(/^k8s-aws-v1\./)
})
