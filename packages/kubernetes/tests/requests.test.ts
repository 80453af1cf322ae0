import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { CancelledError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { createApiClient } from '../src/api-client.ts'
import { connectionError } from '../src/connection-error.ts'
import { connectCluster } from '../src/index.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { recordedClock } from './recorded-clock.ts'
import { answerJson, answerStatus, scriptedServer, type Script } from './scripted-server.ts'

const { signal } = new AbortController()
const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', namespace: 'default' },
  spec: { fieldOfTomorrow: { deep: [1, null] } },
}
const deployments = { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] }
const withDiscovery =
  (script: Script): Script =>
  (request, response, earlier) =>
    request.url === '/apis/apps/v1' ? answerJson(response, deployments) : script(request, response, earlier)

async function connectTo(url: string) {
  const clock = recordedClock()
  return { clock, ...(await connectCluster({ kubeconfig: kubeconfigText(url), clock })) }
}

async function errorOf(attempt: Promise<unknown>): Promise<PrebakeError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PrebakeError)) throw new Error('expected a PrebakeError', { cause: error })
  return error
}

describe('apply', () => {
  test.each([
    [{ dryRun: false, force: false }, 'fieldManager=prebake&fieldValidation=Strict'],
    [{ dryRun: false, force: true }, 'fieldManager=prebake&fieldValidation=Strict&force=true'],
    [{ dryRun: true, force: false }, 'fieldManager=prebake&fieldValidation=Strict&dryRun=All'],
  ])('%j sends the document as it is', async (options, query) => {
    await using api = await scriptedServer(withDiscovery((_, response) => answerJson(response, { stored: true })))
    const { cluster } = await connectTo(api.url)
    expect(await cluster.apply(deployment, options, signal)).toEqual({ stored: true })
    const sent = api.requests.at(-1)
    expect(sent).toMatchObject({ method: 'PATCH', url: `/apis/apps/v1/namespaces/default/deployments/vllm?${query}` })
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/apply-patch+yaml', authorization: 'Bearer the-token' })
    expect(JSON.parse(sent?.body ?? '')).toEqual(deployment)
  })
})

test('a deletion is sent once, and takes what is owned along', async () => {
  await using api = await scriptedServer(withDiscovery((_, response) => answerStatus(response, 500, 'InternalError', 'etcd is away')))
  const { cluster } = await connectTo(api.url)
  const { apiVersion, kind, metadata } = deployment
  await expect(cluster.remove({ apiVersion, kind, ...metadata }, signal)).rejects.toMatchObject({
    operation: 'delete Deployment default/vllm',
  })
  const sent = api.requests.filter(({ method }) => method === 'DELETE').map(({ url }) => url)
  expect(sent).toEqual(['/apis/apps/v1/namespaces/default/deployments/vllm?propagationPolicy=Background'])
})

describe("a container's log", () => {
  const pod = { name: 'vllm-1', namespace: 'default', container: 'vllm' }

  test('is the text of its last lines', async () => {
    await using api = await scriptedServer((_, response) => response.end('a\nb\n'))
    const { cluster } = await connectTo(api.url)
    expect(await cluster.log(pod, { previous: true, tailLines: 50 }, signal)).toBe('a\nb\n')
    expect(api.requests.at(-1)?.url).toBe('/api/v1/namespaces/default/pods/vllm-1/log?container=vllm&tailLines=50&previous=true')
  })

  test.each([
    [400, 'BadRequest', 'container "vllm" in pod "vllm-1" is waiting to start: ContainerCreating'],
    // Scheduled, and the kubelet has not said anything of its containers yet.
    [400, 'BadRequest', 'container "vllm" in pod "vllm-1" is not available'],
    [400, 'BadRequest', 'previous terminated container "vllm" in pod "vllm-1" not found'],
    [404, 'NotFound', 'pods "vllm-1" not found'],
  ])('is not there: %i %s %s', async (code, reason, message) => {
    await using api = await scriptedServer((_, response) => answerStatus(response, code, reason, message))
    const { cluster } = await connectTo(api.url)
    expect(await cluster.log(pod, { previous: false, tailLines: 50 }, signal)).toBeUndefined()
  })

  test('of which only the end fits is cut at a line, and says so', async () => {
    const lines = Array.from({ length: 60_000 }, (_, line) => `line ${line}: ${'x'.repeat(100)}\n`)
    await using api = await scriptedServer((_, response) => response.end(lines.join('')))
    const { cluster } = await connectTo(api.url)
    const [first = '', ...rest] = (await cluster.log(pod, { previous: false, tailLines: 50 }, signal))?.split('\n') ?? []
    expect(first).toMatch(/only the last 256 KiB/i)
    expect(`${rest.join('\n')}`).toBe(lines.join('').slice(-rest.join('\n').length))
    expect(rest[0]).toMatch(/^line \d+: x+$/)
    expect(rest.join('\n').length).toBeGreaterThan(250 * 1024)
  })

  test('that may not be read is an error', async () => {
    await using api = await scriptedServer((_, response) => answerStatus(response, 403, 'Forbidden', 'no'))
    const { cluster } = await connectTo(api.url)
    await expect(cluster.log(pod, { previous: false, tailLines: 50 }, signal)).rejects.toMatchObject({ status: 403 })
  })
})

test.each([
  ['default', {}],
  ['team-a', { namespace: 'team-a' }],
])('an object that names no namespace is in the one of the kubeconfig, else in default: %s', async (namespace, context) => {
  await using api = await scriptedServer(withDiscovery((_, response) => answerJson(response, {})))
  const { cluster } = await connectCluster({ kubeconfig: kubeconfigText(api.url, context) })
  await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm' }, signal)
  expect(api.requests.at(-1)?.url).toBe(`/apis/apps/v1/namespaces/${namespace}/deployments/vllm`)
})

const causes = [
  { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
  { reason: 'FieldManagerConflict', message: 'conflict with "hpa" with subresource "scale" using apps/v1', field: '.spec.paused' },
]
const forbidden = (verb: string, more: string) =>
  `deployments.apps "vllm" is forbidden: User "ci" cannot ${verb} resource "deployments"${more}`

const codes = {
  401: 'cluster-login-refused',
  403: 'cluster-permission-missing',
  404: 'object-not-found',
  409: 'object-conflict',
  422: 'object-invalid',
  429: 'cluster-unavailable',
  500: 'cluster-unavailable',
} as const

test.each([
  [401, 'Unauthorized', 'Unauthorized', {}, /expired.*access entry/],
  [
    403,
    'Forbidden',
    forbidden('patch', ' in API group "apps" in the namespace "default"'),
    {},
    /verb `patch` on `deployments\.apps` in the namespace default/,
  ],
  [403, 'Forbidden', forbidden('list', ' in API group "" at the cluster scope'), {}, /verb `list` on `deployments` in the whole cluster/],
  [403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: q', {}, /^none$/],
  [404, 'NotFound', 'namespaces "default" not found', {}, /Create the namespace first/],
  [409, 'Conflict', 'Apply failed with 2 conflicts', { details: { causes } }, /\.spec\.replicas: kubectl, \.spec\.paused: hpa\./],
  [409, 'Conflict', 'the object has been modified', {}, /Run again/],
  [422, 'Invalid', 'Deployment.apps "vllm" is invalid: spec.selector: Required value', {}, /Correct the fields/],
  [429, 'TooManyRequests', 'the server is overloaded', {}, /Run again later/],
  [500, 'InternalError', 'etcd is away', {}, /Run again later/],
] as const)('%i %s: %s', async (code, reason, message, more, hint) => {
  await using api = await scriptedServer(withDiscovery((_, response) => answerStatus(response, code, reason, message, more)))
  const { cluster, clock } = await connectTo(api.url)
  const error = await errorOf(cluster.apply(deployment, { dryRun: false, force: false }, signal))
  expect(error).toBeInstanceOf(ServiceError)
  expect(error).toMatchObject({
    operation: 'apply Deployment default/vllm',
    code: reason,
    status: code,
    transient: [429, 500].includes(code),
  })
  expect(error.errorCode).toBe(codes[code])
  expect(error.message).toBe(`apply Deployment default/vllm: ${reason}: ${message}`)
  expect(error.hint ?? 'none').toMatch(hint)
  const pauses = [429, 500].includes(code) ? [1, 2, 4] : []
  expect({ writes: api.requests.filter(({ method }) => method === 'PATCH').length, pauses: clock.pauses }).toEqual({
    writes: pauses.length + 1,
    pauses,
  })
})

test('a document that does not fit its schema, for which the server says 500: it is the document that is refused', async () => {
  const message =
    'failed to create typed patch object (default/vllm; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="vllm"].startupProbe.timeoutSecs: field not declared in schema'
  await using api = await scriptedServer(withDiscovery((_, response) => answerStatus(response, 500, '', message)))
  const { cluster } = await connectTo(api.url)
  const error = await errorOf(cluster.apply(deployment, { dryRun: true, force: false }, signal))
  expect(error).toMatchObject({
    status: 422,
    code: 'Invalid',
    transient: false,
    errorCode: 'object-invalid',
  })
  expect(error.message).toBe(`apply Deployment default/vllm: Invalid: ${message}`)
})

describe('answers that are not of an API server', () => {
  test.each([
    ['a page', 200, '<html>', 'cluster-response-malformed', /is not JSON/, /Check the server in the kubeconfig/],
    ['a missing page', 404, 'not here\nat all', 'object-not-found', /HTTP 404: not here$/, /Check the server in the kubeconfig/],
    ['a redirect', 301, '', 'cluster-request-failed', /HTTP 301: the server gave no reason/, /^none$/],
  ])('%s', async (_, status, body, errorCode, message, hint) => {
    await using api = await scriptedServer((_, response) => void response.writeHead(status, { location: '/elsewhere' }).end(body))
    const { cluster } = await connectTo(api.url)
    const error = await errorOf(cluster.version(signal))
    expect(error.errorCode).toBe(errorCode)
    expect(error.message).toMatch(message)
    expect(error.hint ?? 'none').toMatch(hint)
    expect(error.transient).toBe(false)
    expect(api.requests).toHaveLength(1)
  })
})

test('a response without end is cut off at the limit', async () => {
  let closed = false
  await using api = await scriptedServer((_, response) => {
    const more = () => void response.write(Buffer.alloc(65_536, 32), (error) => error ?? more())
    response.on('close', () => (closed = true))
    more()
  })
  const authenticate = () => Promise.resolve({})
  const client = createApiClient({ address: api.url, authenticate, clock: recordedClock(), limitBytes: 1_000_000 })
  const error = await errorOf(client.json({ operation: 'list Pod', path: '/api/v1/pods' }, signal))
  expect(error).toMatchObject({ errorCode: 'cluster-response-too-large', transient: false, message: expect.stringContaining('list Pod') })
  while (!closed) await new Promise(setImmediate)
  expect(api.requests).toHaveLength(1)
})

test('the log of a start that is too large is cut at its end, and says so', async () => {
  const pod = { kind: 'Pod', spec: { containers: [{ name: 'vllm' }] } }
  const line = `2026-11-29T12:00:00Z ${'x'.repeat(1000)}\n`
  await using api = await scriptedServer(
    withDiscovery((request, response) => {
      if (!request.url.includes('/log')) return answerJson(response, pod)
      const more = () => void response.write(line.repeat(1000), (error) => error ?? more())
      more()
    }),
  )
  const { workload } = await connectTo(api.url)
  const { lines, truncated } = await workload.log('vllm-1', 'default', signal)
  expect(truncated).toBe(true)
  expect(lines.length * line.length).toBeGreaterThan(31 * 2 ** 20)
  expect(lines.length * line.length).toBeLessThan(33 * 2 ** 20)
})

test('a missing page is not a missing object', async () => {
  await using api = await scriptedServer(withDiscovery((_, response) => void response.writeHead(404).end('<html>')))
  const { cluster } = await connectTo(api.url)
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm', namespace: 'default' }
  await expect(cluster.get(reference, signal)).rejects.toThrow('get Deployment default/vllm: HTTP 404: <html>')
})

describe('what is idempotent is tried again', () => {
  const failures: [string, Script, number[]][] = [
    ['a reset', (_, response) => void response.socket?.resetAndDestroy(), [1, 2, 4]],
    [
      'a cut answer',
      (_, response) => void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
      [1, 2, 4],
    ],
    ['503', (_, response) => void response.writeHead(503).end('upstream'), [1, 2, 4]],
    ['429 with Retry-After', (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end(), [7, 7, 7]],
  ]
  test.each(failures)('a GET after %s', async (_, fail, pauses) => {
    await using api = await scriptedServer((request, response, earlier) =>
      earlier < 3 ? fail(request, response, earlier) : answerJson(response, { gitVersion: 'v1.36.3' }),
    )
    const { cluster, clock } = await connectTo(api.url)
    expect(await cluster.version(signal)).toBe('v1.36.3')
    expect(clock.pauses).toEqual(pauses)
  })

  test.each(failures)('an apply, as it was, after %s', async (_, fail, pauses) => {
    const script: Script = (request, response, earlier) =>
      // The first request is the discovery.
      earlier < 4 ? fail(request, response, earlier) : answerJson(response, { stored: true })
    await using api = await scriptedServer(withDiscovery(script))
    const { cluster, clock } = await connectTo(api.url)
    expect(await cluster.apply(deployment, { dryRun: false, force: false }, signal)).toEqual({ stored: true })
    expect(clock.pauses).toEqual(pauses)
    const writes = api.requests.filter(({ method }) => method === 'PATCH')
    expect(writes.map(({ url, body }) => `${url} ${body}`)).toEqual(writes.map(() => `${writes[0]?.url} ${JSON.stringify(deployment)}`))
  })

  test('at most three times, and not when the server asks for a long pause', async () => {
    await using api = await scriptedServer((_, response) => answerStatus(response, 503, 'ServiceUnavailable', 'starting'))
    const { cluster, clock } = await connectTo(api.url)
    await expect(cluster.version(signal)).rejects.toMatchObject({ errorCode: 'cluster-unavailable' })
    expect({ requests: api.requests.length, pauses: clock.pauses }).toEqual({ requests: 4, pauses: [1, 2, 4] })
    await using patient = await scriptedServer((_, response) => void response.writeHead(429, { 'retry-after': '600' }).end())
    await expect((await connectTo(patient.url)).cluster.version(signal)).rejects.toThrow('HTTP 429')
    expect(patient.requests).toHaveLength(1)
  })

  test('an apply whose answers are all lost ends as transient: it may have taken effect', async () => {
    await using api = await scriptedServer(withDiscovery((_, response) => void response.socket?.resetAndDestroy()))
    const { cluster } = await connectTo(api.url)
    const error = await errorOf(cluster.apply(deployment, { dryRun: false, force: false }, signal))
    expect(error).toMatchObject({ transient: true, message: expect.stringMatching(/^Connect to .*: the connection broke: /) })
    expect(api.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(4)
  })

  test('a patch that says nothing of the sort is sent once', async () => {
    await using api = await scriptedServer((_, response) => answerStatus(response, 503, 'ServiceUnavailable', 'starting'))
    const client = createApiClient({ address: api.url, authenticate: () => Promise.resolve({}), clock: recordedClock() })
    const patch = { contentType: 'application/merge-patch+json', body: { spec: { replicas: 5 } } }
    await expect(client.json({ operation: 'scale', path: '/', patch }, signal)).rejects.toThrow('starting')
    expect(api.requests).toHaveLength(1)
  })
})

describe('a server that is not reached', () => {
  test('refuses', async () => {
    const { cluster, clock } = await connectTo('http://127.0.0.1:1')
    const error = await errorOf(cluster.version(signal))
    expect(error).toMatchObject({ errorCode: 'cluster-not-reached', message: expect.stringContaining('http://127.0.0.1:1') })
    expect(error.hint).toMatch(/private endpoint cannot be reached from a hosted runner/)
    expect(clock.pauses).toEqual([1, 2, 4])
  })

  const coded = (code: string) => Object.assign(new Error(`words of ${code}`), { code })
  test.each([
    ['an unknown name', coded('ENOTFOUND'), {}, 'cluster-not-reached', true],
    ['no route', coded('EHOSTUNREACH'), {}, 'cluster-not-reached', true],
    [
      'no route to any of its addresses',
      new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]),
      {},
      'cluster-not-reached',
      true,
    ],
    ['no connection in time', coded('ABORT_ERR'), { timedOut: true }, 'cluster-not-reached', true],
    ['no credentials in time', coded('ABORT_ERR'), { timedOut: true, stage: 'credentials' }, 'cluster-credentials-failed', true],
    ['a certificate of another', coded('CERT_HAS_EXPIRED'), {}, 'cluster-certificate-untrusted', false],
    [
      'a proxy that wants a password',
      new Error('Failed to establish tunnel to a.test:443: HTTP/1.1 407 Proxy Authentication Required'),
      {},
      'cluster-proxy-refused',
      false,
    ],
    [
      'a proxy with a problem of its own',
      new Error('Failed to establish tunnel to a.test:443: HTTP/1.1 503 Service Unavailable'),
      {},
      'cluster-proxy-refused',
      true,
    ],
    ['no answer in time', coded('ABORT_ERR'), { timedOut: true, stage: 'connected' }, 'cluster-not-responding', true],
    ['a broken connection', coded('ECONNRESET'), { stage: 'connected' }, 'cluster-not-responding', true],
    ['a token over two lines', coded('ERR_INVALID_CHAR'), {}, 'cluster-token-malformed', false],
  ] as const)('%s', (_, error, more, errorCode, transient) => {
    const reported = connectionError(error, { address: 'https://a.test', timedOut: false, stage: 'connecting', limitMs: 30_000, ...more })
    expect(reported).toMatchObject({ errorCode, hint: expect.stringMatching(/\.$/), transient })
    expect(reported.message).toMatch(/^Connect to https:\/\/a\.test: .*\.$/)
  })

  test.each([
    ['takes the connection and says nothing', 'http', 'cluster-not-responding', 4],
    ['does not finish the TLS handshake', 'https', 'cluster-not-responding', 4],
  ])('%s', async (_, scheme, errorCode, connections) => {
    let accepted = 0
    const sockets: { destroy(): void }[] = []
    const server = createServer((socket) => void (accepted++, sockets.push(socket.on('error', () => undefined))))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `${scheme}://127.0.0.1:${(server.address() as { port: number }).port}`
    const client = createApiClient({ address, authenticate: () => Promise.resolve({}), clock: recordedClock(), requestLimitMs: 250 })
    const error = await errorOf(client.json({ operation: 'ask', path: '/' }, signal))
    expect(error).toMatchObject({ errorCode, message: expect.stringContaining('within 0.25 s') })
    expect(accepted).toBe(connections)
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  test('gives no credentials in time: not asked for a whole limit once more', async () => {
    let asked = 0
    const authenticate = () => (asked++, new Promise<never>(() => undefined))
    const client = createApiClient({ address: 'http://127.0.0.1:1', authenticate, clock: recordedClock(), requestLimitMs: 20 })
    const error = await errorOf(client.json({ operation: 'ask', path: '/' }, signal))
    expect(error.errorCode).toBe('cluster-credentials-failed')
    expect({ asked, transient: error.transient }).toEqual({ asked: 1, transient: true })
  })
})

test('a cancelled request ends at once, also while it waits for the next try', async () => {
  const cancel = new AbortController()
  await using api = await scriptedServer(() => cancel.abort())
  const { cluster } = await connectTo(api.url)
  await expect(cluster.version(cancel.signal)).rejects.toBeInstanceOf(CancelledError)

  const cancelWrite = new AbortController()
  await using writes = await scriptedServer(withDiscovery(() => cancelWrite.abort()))
  const write = (await connectTo(writes.url)).cluster.apply(deployment, { dryRun: false, force: false }, cancelWrite.signal)
  await expect(write).rejects.toBeInstanceOf(CancelledError)

  const pause = new AbortController()
  await using busy = await scriptedServer((_, response) => void response.writeHead(503).end(() => pause.abort()))
  await expect((await connectTo(busy.url)).cluster.version(pause.signal)).rejects.toBeInstanceOf(CancelledError)
  expect(busy.requests).toHaveLength(1)
})
