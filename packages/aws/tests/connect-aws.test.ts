import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { connectAws } from '../src/index.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }

const problemsOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof InputError)) throw new Error('No InputError was thrown.', { cause: error })
  return error.problems
}

test('a missing region and missing credentials are told at once', async () => {
  const problems = await problemsOf(connectAws({ region: '', env: {} }))
  expect(problems.map(({ input }) => input)).toEqual(['aws-region', 'AWS credentials'])
  expect(problems[1]?.remedy).toContain('id-token: write')
})

test.each(['eu-west', 'Frankfurt', 'eu-west-1a', 'https://ec2.eu-west-1.amazonaws.com'])('%s is no region', async (region) => {
  const problems = await problemsOf(connectAws({ region, env: keys }))
  expect(problems).toMatchObject([{ input: 'aws-region', wrong: `"${region}" is not the name of a region.` }])
})

test.each(['us-gov-west-1', 'cn-north-1', 'ap-southeast-4', 'us-iso-east-1'])('%s is a region', async (region) => {
  await expect(connectAws({ region, env: keys })).resolves.toMatchObject({ credentialsExpireAt: undefined })
})

test('the region may come from the environment', async () => {
  await expect(connectAws({ region: '', env: { ...keys, AWS_REGION: 'eu-west-1' } })).resolves.toBeDefined()
})

test('says when the credentials end', async () => {
  const env = { ...keys, AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '2026-11-24T20:00:00Z' }
  const { credentialsExpireAt } = await connectAws({ region: 'eu-west-1', env })
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
    const env = { ...keys, HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
    const { snapshots } = await connectAws({ region: 'eu-west-1', env })
    await expect(snapshots.create('vol-1', '', { run: '1' }, new AbortController().signal)).rejects.toThrow('CreateSnapshot')
    expect(tunnels).toEqual(['ec2.eu-west-1.amazonaws.com:443'])
  } finally {
    proxy.close()
  }
})
