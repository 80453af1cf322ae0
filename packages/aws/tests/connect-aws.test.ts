import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { startSimulator } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'
import { withAwsEnvironment } from './with-aws-environment.ts'

const { signal } = new AbortController()
const account = { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } }

const problemsOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof InputError)) throw new Error('No InputError was thrown.', { cause: error })
  return error.problems
}

test('a missing region and missing credentials are reported at once', async () => {
  const problems = await withAwsEnvironment({}, () => problemsOf(connectAws({ region: '' })))
  expect(problems.map(({ input }) => input)).toEqual(['aws-region', 'AWS credentials'])
  expect(problems[1]?.remedy).toContain('id-token: write')
})

test.each(['eu-west', 'Frankfurt', 'eu-west-1a', 'https://ec2.eu-west-1.amazonaws.com'])('%s is no region', async (region) => {
  const problems = await problemsOf(connectAws({ region, account }))
  expect(problems).toMatchObject([{ input: 'aws-region', wrong: `"${region}" is not the name of a region.` }])
})

test.each(['us-gov-west-1', 'cn-north-1', 'ap-southeast-4', 'us-iso-east-1'])('%s is a region', async (region) => {
  await expect(connectAws({ region, account })).resolves.toMatchObject({ region, credentialsExpireAt: undefined })
})

test('the region may come from the environment', async () => {
  await expect(connectAws({ region: '', env: { AWS_REGION: 'eu-west-1' }, account })).resolves.toMatchObject({ region: 'eu-west-1' })
})

test('keys, endpoint and region of the environment are found by the SDK’s own chain; blank ones are none', async () => {
  const simulator = await startSimulator()
  try {
    const named = (extra: Record<string, string> = {}) =>
      withAwsEnvironment({ ...simulator.environment, ...extra }, async () => {
        const { builders } = await connectAws({ region: '' })
        return builders.find({ 'prebake:run': 'none' }, signal)
      })
    expect(await named()).toEqual([])
    expect(await problemsOf(named({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }))).toMatchObject([{ input: 'AWS credentials' }])
    await simulator.aws.disturb({ kind: 'credentials-expired' })
    await expect(named()).rejects.toMatchObject({ code: 'RequestExpired', hint: expect.stringContaining('role-duration-seconds') })
  } finally {
    await simulator.stop()
  }
})

test('says when the credentials end', async () => {
  const { credentialsExpireAt } = await withAwsEnvironment(
    {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_SESSION_TOKEN: 't',
      AWS_CREDENTIAL_EXPIRATION: '2026-11-24T20:00:00Z',
    },
    () => connectAws({ region: 'eu-west-1' }),
  )
  expect(credentialsExpireAt).toEqual(new Date('2026-11-24T20:00:00Z'))
})

test('goes through the proxy of the environment', async () => {
  const tunnels: (string | undefined)[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
    const { snapshots } = await connectAws({ region: 'eu-west-1', env, account })
    await expect(snapshots.create('vol-1', '', { run: '1' }, signal)).rejects.toThrow('CreateSnapshot')
    expect(tunnels).toEqual(['ec2.eu-west-1.amazonaws.com:443'])
  } finally {
    proxy.close()
  }
})
