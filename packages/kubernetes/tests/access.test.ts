import { afterAll, expect, test } from '@jest/globals'
import { InputError, PrebakeError } from '@prebake/kernel'
import { connectionError } from '../src/connection-error.ts'
import { openCertificates } from '@prebake/simulator/proxy'
import { connectCluster, type ClusterAccess } from '../src/index.ts'
import { createAgent, sendRequest } from '../src/send-request.ts'
import { recordedClock } from './recorded-clock.ts'
import { answerJson, scriptedServer, type Script } from './scripted-server.ts'

const { signal } = new AbortController()
const { pem, serverTls, makeAuthority, makeCertificate, remove } = openCertificates()
afterAll(remove)
makeAuthority('ca')
makeAuthority('other-ca')
makeCertificate('server', 'ca', 'IP:127.0.0.1')

const tell: Script = (_, response) => answerJson(response, { gitVersion: 'v1.36.3' })
const accessTo = (address: string, more: Partial<ClusterAccess> = {}): ClusterAccess => ({
  name: 'demo',
  address,
  certificateAuthority: pem('ca.pem').toString(),
  publicAccess: true,
  publicAccessCidrs: ['0.0.0.0/0'],
  token: () => Promise.resolve('the-token'),
  ...more,
})
const open = (access: ClusterAccess) => connectCluster({ access, env: {}, clock: recordedClock() })

const errorOf = async (work: Promise<unknown>): Promise<PrebakeError> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (error instanceof PrebakeError) return error
  throw new Error('No PrebakeError was thrown.', { cause: error })
}

test('its authority is trusted, and each request asks for a token', async () => {
  await using api = await scriptedServer(tell, serverTls('server'))
  let count = 0
  const { cluster, address } = await open(accessTo(api.url, { token: () => Promise.resolve(`token-${++count}`) }))
  expect(address).toBe(api.url)
  await cluster.version(signal)
  await cluster.version(signal)
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('a server of another authority gets nothing, and the kubeconfig that is not there is not blamed', async () => {
  await using api = await scriptedServer(tell, serverTls('server'))
  const { cluster } = await open(accessTo(api.url, { certificateAuthority: pem('other-ca.pem').toString() }))
  const error = await errorOf(cluster.version(signal))
  expect(error).toMatchObject({ errorCode: 'cluster-certificate-untrusted', hint: expect.not.stringContaining('kubeconfig') })
  expect(api.requests).toHaveLength(0)
})

test('credentials that are gone stay their own error', async () => {
  const gone = new InputError([{ code: 'aws-credentials-missing', input: 'AWS credentials', wrong: 'none.', remedy: 'Some.' }])
  const { cluster } = await open(accessTo('https://127.0.0.1:1', { token: () => Promise.reject(gone) }))
  expect(await errorOf(cluster.version(signal))).toBe(gone)
})

const coded = (code: string) => Object.assign(new Error(`words of ${code}`), { code })
const circumstances = { address: 'https://a.eks.test', timedOut: false, stage: 'connecting', limitMs: 30_000 } as const
const endpoint = (publicAccess: boolean, publicAccessCidrs: readonly string[] = []) => ({ name: 'demo', publicAccess, publicAccessCidrs })

test.each<[string, Error, object, string, RegExp]>([
  [
    'EKS says that it is private, no connection',
    coded('ABORT_ERR'),
    { timedOut: true, endpoint: endpoint(false), resolved: '10.0.3.7' },
    'no connection within 30 s; its endpoint is private (EKS: endpointPublicAccess=false)',
    /self-hosted runner inside the VPC.*update-cluster-config --name demo .*endpointPublicAccess=true,publicAccessCidrs=/,
  ],
  [
    'EKS says that it is private, no such name',
    coded('ENOTFOUND'),
    { endpoint: endpoint(false) },
    'DNS lookup failed (ENOTFOUND); its endpoint is private (EKS: endpointPublicAccess=false)',
    /^A private hosted zone resolves only inside its VPC\. A hosted runner cannot reach/,
  ],
  [
    'public for others',
    coded('ETIMEDOUT'),
    { endpoint: endpoint(true, ['192.0.2.0/24', '198.51.100.7/32']) },
    'host unreachable (ETIMEDOUT); its public endpoint is open only to 192.0.2.0/24, 198.51.100.7/32',
    /`publicAccessCidrs`/,
  ],
  [
    'a private address, in a kubeconfig',
    coded('ABORT_ERR'),
    { timedOut: true, resolved: '10.0.3.7' },
    'no connection within 30 s; its name resolves to the private address 10.0.3.7',
    /use a runner inside the VPC/,
  ],
  [
    '172.31',
    coded('EHOSTUNREACH'),
    { resolved: '172.31.9.9' },
    'host unreachable (EHOSTUNREACH); its name resolves to the private address 172.31.9.9',
    /VPC/,
  ],
  [
    'IPv6',
    coded('EHOSTUNREACH'),
    { resolved: 'fd00::7' },
    'host unreachable (EHOSTUNREACH); its name resolves to the private address fd00::7',
    /VPC/,
  ],
  ['a public address', coded('ABORT_ERR'), { timedOut: true, resolved: '198.51.100.7' }, 'no connection within 30 s.', /VPC/],
])('%s', (_, error, more, reason, hint) => {
  const reported = connectionError(error, { ...circumstances, ...more })
  expect(reported.errorCode).toBe('cluster-not-reached')
  expect(reported.message).toContain(`Connect to https://a.eks.test: ${reason}`)
  expect(reported.hint).toMatch(hint)
})

test('what EKS says reaches the message of a request', async () => {
  const { cluster } = await open(accessTo('https://127.0.0.1:1', { publicAccess: false }))
  const error = await errorOf(cluster.version(signal))
  expect(error.message).toBe(
    'Connect to https://127.0.0.1:1: the connection was refused; its endpoint is private (EKS: endpointPublicAccess=false).',
  )
})

test('the address of a name is reported, also without a connection', async () => {
  const resolved: string[] = []
  const exchange = {
    server: new URL('http://localhost:1'),
    method: 'GET',
    path: '/',
    headers: {},
    authentication: {},
    signal,
    onConnected: () => undefined,
    onResolved: (address: string) => void resolved.push(address),
  } as const
  await expect(sendRequest(exchange, createAgent(exchange.server, {}))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(resolved).toContain('127.0.0.1')
})
