import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { InputError, PrebakeError, systemClock, type Clock } from '@prebake/kernel'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { connectEks, type EksOptions } from '../src/index.ts'
import { withAwsEnvironment } from './with-aws-environment.ts'

const { signal } = new AbortController()
let simulator: Simulator
let clock: Clock
beforeAll(async () => {
  simulator = await startSimulator({ rate: 600 })
  const { PREBAKE_CLOCK_RATE, PREBAKE_CLOCK_ORIGIN } = simulator.environment
  clock = systemClock(Number(PREBAKE_CLOCK_RATE), Number(PREBAKE_CLOCK_ORIGIN))
})
afterAll(() => simulator.stop())

const connect = (more: Partial<EksOptions> = {}) =>
  connectEks({ clusterName: simulator.clusterName, clock, env: simulator.environment, account: simulator.account, ...more }, signal)

const statusWith = async (address: string, token: string) =>
  (await fetch(`${address}/version`, { headers: { authorization: `Bearer ${token}` } })).status

async function errorOf(work: Promise<unknown>): Promise<PrebakeError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (error instanceof PrebakeError) return error
  throw new Error('No PrebakeError was thrown.', { cause: error })
}

test('a cluster is described, and lets its tokens in', async () => {
  const { token, ...cluster } = await connect()
  expect(cluster).toEqual({
    name: 'demo',
    address: simulator.endpoints.kubernetes,
    certificateAuthority: 'no certificate: plain HTTP',
    publicAccess: true,
    publicAccessCidrs: ['0.0.0.0/0'],
  })
  expect(await statusWith(cluster.address, await token())).toBe(200)
})

test('an old token is refused, and the source has a new one', async () => {
  const { token, address } = await connect()
  const first = await token()
  await simulator.sleep(15 * 60 + 1)
  expect(await statusWith(address, first)).toBe(401)
  expect(await statusWith(address, await token())).toBe(200)
})

test('a token of another cluster, region or key is refused', async () => {
  const other = await startSimulator({ rate: 600, eks: { name: 'other' } })
  try {
    const elsewhere = await connect({ clusterName: 'other', account: other.account })
    expect(await statusWith(simulator.endpoints.kubernetes, await elsewhere.token())).toBe(401)
  } finally {
    await other.stop()
  }
  const farAway = await connect({ region: 'eu-west-1' })
  expect(await statusWith(farAway.address, await farAway.token())).toBe(401)
  const forged = await connect({
    account: { ...simulator.account, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'another' } },
  })
  expect(await statusWith(forged.address, await forged.token())).toBe(401)
})

test('an unknown cluster is named with its region', async () => {
  const error = await errorOf(connect({ clusterName: 'demmo' }))
  expect(error).toBeInstanceOf(InputError)
  expect(error).toMatchObject({
    problems: [{ code: 'cluster-not-found', input: 'cluster-name', wrong: expect.stringMatching(/`demmo` in us-west-2/) }],
  })
})

test('a missing region and missing credentials are reported at once', async () => {
  const error = await withAwsEnvironment({}, () => errorOf(connect({ env: {}, account: undefined })))
  expect((error as InputError).problems.map(({ code }) => code)).toEqual(['aws-region-malformed', 'aws-credentials-missing'])
})

test('a role without the permission: which one, and where it stands', async () => {
  const message = 'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: eks:DescribeCluster on resource: x'
  const denied = await startSimulator({
    faults: [
      { server: 'aws', operation: 'DescribeCluster', effect: { kind: 'error', status: 403, code: 'AccessDeniedException', message } },
    ],
  })
  try {
    const error = await errorOf(connect({ account: denied.account }))
    expect(error.message).toMatch(/^DescribeCluster: AccessDeniedException: User: .* eks:DescribeCluster .* \(request /)
    expect(error.errorCode).toBe('aws-access-denied')
    expect(error.hint).toContain('{"Effect":"Allow","Action":"eks:DescribeCluster","Resource":"*"}')
    expect(error.hint).toContain('prebake://deploy/infra/iam')
  } finally {
    await denied.stop()
  }
})

test.each(['CREATING', 'DELETING'] as const)('a cluster that is %s cannot be used', async (status) => {
  const other = await startSimulator({ eks: { status } })
  try {
    const error = await errorOf(connect({ account: other.account }))
    expect(error).toMatchObject({ errorCode: 'cluster-not-active', message: expect.stringContaining(status) })
  } finally {
    await other.stop()
  }
})

test('EKS is asked through the proxy of the environment', async () => {
  const tunnels: (string | undefined)[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const { credentials } = simulator.account
    const error = await errorOf(connect({ region: 'eu-west-1', env: { HTTPS_PROXY }, account: { credentials } }))
    expect(error.message).toMatch(/^DescribeCluster: /)
    expect(tunnels[0]).toBe('eks.eu-west-1.amazonaws.com:443')
  } finally {
    proxy.close()
  }
})

test('a malformed proxy is named before any request', async () => {
  const { account } = simulator
  const error = await errorOf(connect({ env: { HTTPS_PROXY: 'http://me:secret@' }, account }))
  expect(error).toMatchObject({ errorCode: 'proxy-address-malformed' })
  expect(error.message).not.toContain('secret')
})
