import { afterAll, expect, test } from '@jest/globals'
import { InputError, PrebakeError } from '@prebake/kernel'
import { openCertificates, startProxy } from '@prebake/simulator/proxy'
import { createApiClient } from '../src/api-client.ts'
import { connectCluster } from '../src/index.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { recordedClock } from './recorded-clock.ts'
import { answerJson, scriptedServer, type Script } from './scripted-server.ts'

const { signal } = new AbortController()
const { data, serverTls, makeAuthority, makeCertificate, remove } = openCertificates()
afterAll(remove)
makeAuthority('ca')
makeCertificate('server', 'ca', 'DNS:api.cluster.test,IP:127.0.0.1')

const tell: Script = (_, response) => answerJson(response, { gitVersion: 'v1.36.3' })
const authority = { 'certificate-authority-data': data('ca.pem') }

const versionThrough = async (env: NodeJS.ProcessEnv, server = 'https://api.cluster.test', cluster: object = {}) => {
  const connection = await connectCluster({
    kubeconfig: kubeconfigText(server, { cluster: { ...authority, ...cluster } }),
    env,
    clock: recordedClock(),
  })
  return connection.cluster.version(signal)
}

const errorOf = async (work: Promise<unknown>): Promise<PrebakeError> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (error instanceof PrebakeError) return error
  throw new Error('No PrebakeError was thrown.', { cause: error })
}

test.each(['HTTPS_PROXY', 'https_proxy'])(
  '%s: the request goes through it, and TLS is held to the cluster, not to the proxy',
  async (name) => {
    await using api = await scriptedServer(tell, serverTls('server'))
    await using proxy = await startProxy({ to: api.url })
    expect(await versionThrough({ [name]: `http://me:pa%40ss@127.0.0.1:${proxy.port}` })).toBe('v1.36.3')
    expect(proxy.asked).toEqual(['api.cluster.test:443'])
    expect(proxy.headers[0]?.['proxy-authorization']).toBe(`Basic ${btoa('me:pa@ss')}`)
    expect(proxy.headers[0]).not.toHaveProperty('authorization')
    expect(api.requests[0]?.headers).toMatchObject({ authorization: 'Bearer the-token', host: 'api.cluster.test' })
  },
)

test('NO_PROXY: straight to the server', async () => {
  await using api = await scriptedServer(tell, serverTls('server'))
  await using proxy = await startProxy({ to: api.url })
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'example.test,127.0.0.1' }
  expect(await versionThrough(env, api.url)).toBe('v1.36.3')
  expect(proxy.asked).toEqual([])
})

test('the proxy-url of the kubeconfig comes first', async () => {
  await using api = await scriptedServer(tell, serverTls('server'))
  await using own = await startProxy({ to: api.url })
  await using other = await startProxy({ to: api.url })
  const env = { HTTPS_PROXY: `http://127.0.0.1:${other.port}`, NO_PROXY: '*' }
  expect(await versionThrough(env, undefined, { 'proxy-url': `http://127.0.0.1:${own.port}` })).toBe('v1.36.3')
  expect({ own: own.asked.length, other: other.asked.length }).toEqual({ own: 1, other: 0 })
})

test('plain HTTP goes through HTTP_PROXY', async () => {
  await using proxy = await startProxy({ plain: '{"gitVersion":"v1.36.3"}' })
  expect(await versionThrough({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }, 'http://api.cluster.test')).toBe('v1.36.3')
  expect(proxy.asked).toEqual(['http://api.cluster.test/version'])
})

test.each(['407 Proxy Authentication Required', '403 Forbidden'])(
  'a proxy that says %s is reported, without its password',
  async (answer) => {
    await using proxy = await startProxy({ answer })
    const address = `http://me:secret@127.0.0.1:${proxy.port}`
    const error = await errorOf(versionThrough({ HTTPS_PROXY: address }))
    expect(error).toMatchObject({ errorCode: 'cluster-proxy-refused', message: expect.stringContaining(answer) })
    expect(error.hint).toMatch(/NO_PROXY/)
    expect(`${error.message}${error.hint}`).not.toContain('secret')
    expect(proxy.asked).toHaveLength(1)
    const own = await errorOf(versionThrough({}, undefined, { 'proxy-url': address }))
    expect(own).toMatchObject({ errorCode: 'cluster-proxy-refused', message: expect.stringContaining(answer.slice(0, 3)) })
  },
)

test('a proxy that keeps silent: the limit counts, and the variable is named', async () => {
  await using proxy = await startProxy({})
  const client = createApiClient({
    address: 'https://api.cluster.test',
    authenticate: () => Promise.resolve({}),
    env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
    clock: recordedClock(),
    requestLimitMs: 200,
  })
  const start = Date.now()
  const error = await errorOf(client.json({ operation: 'ask', path: '/' }, signal))
  expect(error.errorCode).toBe('cluster-not-reached')
  // Left alone, Node gives the request up only when the pool drops the idle connection, after 15 s.
  expect(Date.now() - start).toBeLessThan(10_000)
  expect(error.hint).toContain('HTTPS_PROXY is set')
})

test('a proxy that does not run is named', async () => {
  const error = await errorOf(versionThrough({ HTTPS_PROXY: 'http://127.0.0.1:1' }))
  expect(error.errorCode).toBe('cluster-not-reached')
  expect(error.hint).toContain('HTTPS_PROXY is set')
})

test.each([
  ['HTTPS_PROXY', 'https://api.cluster.test'],
  ['https_proxy', 'https://api.cluster.test'],
  ['HTTP_PROXY', 'http://api.cluster.test'],
])('a malformed %s is refused by its name, without being quoted', async (variable, server) => {
  const error = await errorOf(versionThrough({ [variable]: 'http://me:secret@' }, server))
  expect(error).toBeInstanceOf(InputError)
  expect(error).toMatchObject({ problems: [{ code: 'proxy-address-malformed', input: variable }] })
  expect(`${error.message}${JSON.stringify(error)}`).not.toContain('secret')
})

test('a proxy without a scheme, as curl accepts it', async () => {
  await using api = await scriptedServer(tell, serverTls('server'))
  await using proxy = await startProxy({ to: api.url })
  expect(await versionThrough({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` })).toBe('v1.36.3')
})
