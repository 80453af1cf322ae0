import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openCertificates, startProxy } from '@prebake/simulator/proxy'

const { pem, serverTls, makeAuthority, makeCertificate, remove } = openCertificates()
const authority = join(tmpdir(), `prebake-authority-${process.pid}.pem`)
let server: ReturnType<typeof createServer>
let upstream = ''
const seen: (string | undefined)[] = []

beforeAll(async () => {
  makeAuthority('corp')
  makeCertificate('hub', 'corp', 'DNS:hub.test,IP:127.0.0.1')
  writeFileSync(authority, pem('corp.pem'))
  server = createServer(serverTls('hub'), (request, response) => {
    seen.push(request.headers['proxy-authorization'])
    response.end(`hello ${request.headers.host}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  remove()
  rmSync(authority, { force: true })
  await new Promise((resolve) => server.close(resolve))
})

/** In a process of its own: Node reads NODE_EXTRA_CA_CERTS when it starts. */
async function askOnce(url: string, env: Record<string, string>, ...limitMs: string[]): Promise<Record<string, unknown>> {
  const script = join(import.meta.dirname, 'ask-once.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, ...limitMs], { env: { PATH: process.env['PATH'], ...env } })
  return JSON.parse(stdout) as Record<string, unknown>
}

test.each(['HTTPS_PROXY', 'https_proxy'])('%s with a password, and a CA of the user’s own', async (variable) => {
  await using proxy = await startProxy({ to: { 'hub.test': upstream }, login: 'me:p@ss:wörd' })
  const env = { NODE_EXTRA_CA_CERTS: authority, [variable]: `http://me:p%40ss%3Aw%C3%B6rd@127.0.0.1:${proxy.port}` }
  expect(await askOnce('https://hub.test/', env)).toEqual({ status: 200, text: 'hello hub.test' })
  expect(proxy.asked).toEqual(['hub.test:443'])
  expect(seen.filter(Boolean)).toEqual([])
})

test('without the CA the connection is refused, and the variable that adds one is named', async () => {
  await using proxy = await startProxy({ to: upstream })
  const outcome = await askOnce('https://hub.test/', { HTTPS_PROXY: `127.0.0.1:${proxy.port}` })
  expect(outcome).toMatchObject({
    errorCode: 'certificate-untrusted',
    transient: false,
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  })
  expect(proxy.asked).toHaveLength(1)
})

test.each([
  ['a wrong password', { login: 'me:right' }, 'proxy-refused', /does not accept the name and password \(407\)/, /HTTPS_PROXY.*%40/, 1],
  ['a host that it does not let through', { answer: '403 Forbidden' }, 'proxy-refused', /refused to connect \(403\)/, /NO_PROXY/, 1],
  ['an upstream that is down', { answer: '503 Service Unavailable' }, 'proxy-refused', /refused to connect \(503\)/, /NO_PROXY/, 4],
])('a proxy that refuses %s is named, without its password', async (_, options, errorCode, message, hint, tries) => {
  await using proxy = await startProxy(options)
  const outcome = await askOnce('https://hub.test/', { HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}` })
  expect(outcome).toMatchObject({ errorCode, message: expect.stringMatching(message), hint: expect.stringMatching(hint) })
  expect(outcome['message']).toContain(`the proxy http://127.0.0.1:${proxy.port} (HTTPS_PROXY)`)
  expect(JSON.stringify(outcome)).not.toContain('s3cret')
  expect(proxy.asked).toHaveLength(tries)
})

test('a proxy that is not there is named', async () => {
  const outcome = await askOnce('https://hub.test/', { HTTPS_PROXY: 'http://me:s3cret@127.0.0.1:1' })
  expect(outcome).toMatchObject({
    errorCode: 'connection-failed',
    transient: true,
    hint: expect.stringContaining('HTTPS_PROXY is set (http://127.0.0.1:1)'),
  })
  expect(JSON.stringify(outcome)).not.toContain('s3cret')
})

test('a proxy that keeps silent ends with the limit', async () => {
  await using proxy = await startProxy({})
  const outcome = await askOnce('https://hub.test/', { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, '300')
  expect(outcome).toMatchObject({ errorCode: 'connection-failed', message: expect.stringContaining('it took more than 0.3 s') })
})

test('this machine is asked without a proxy, whatever the variables say', async () => {
  await using proxy = await startProxy({ to: upstream })
  const env = {
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: authority,
  }
  expect(await askOnce(upstream, env)).toMatchObject({ status: 200 })
  expect(proxy.asked).toEqual([])
})

test('a host that NO_PROXY names is asked directly', async () => {
  await using proxy = await startProxy({ to: upstream })
  const outcome = await askOnce('https://hub.test/', { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'test' })
  expect(outcome).toMatchObject({ name: 'ServiceError', message: expect.stringContaining('hub.test') })
  expect(proxy.asked).toEqual([])
})
