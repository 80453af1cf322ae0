import { expect, test } from '@jest/globals'
import { CancelledError, ServiceError, systemClock } from '@prebake/kernel'
import { fetchTransport, jsonOf, type Fetch } from '../src/index.ts'
import { ask, textOf } from './ask.ts'
import { startServer } from './start-server.ts'

test.each([408, 425, 429, 500, 502, 503, 504, 520])(
  'HTTP %i is transient: it is retried three times, with longer pauses',
  async (status) => {
    await using server = await startServer((_, response) => response.writeHead(status).end('{"message":"busy"}'))
    const { reply, pauses } = ask(server.url)
    await expect(reply).rejects.toMatchObject({
      errorCode: status === 429 ? 'rate-limited' : 'service-unavailable',
      status,
      transient: true,
      message: expect.stringContaining('busy'),
    })
    expect(server.requests).toHaveLength(4)
    expect(pauses).toEqual([1, 2, 4])
  },
)

test.each([200, 204, 304, 400, 401, 403, 404, 501, 505])('HTTP %i is returned', async (status) => {
  await using server = await startServer((_, response) => response.writeHead(status).end())
  expect(await ask(server.url).reply).toMatchObject({ status })
  expect(server.requests).toHaveLength(1)
})

test.each<[string, Record<string, string>, readonly number[]]>([
  ['seconds', { 'Retry-After': '30' }, [30]],
  ['a date', { 'Retry-After': 'Sun, 29 Nov 2026 12:00:45 GMT' }, [45]],
  ['a date that is over', { 'Retry-After': 'Sun, 29 Nov 2026 11:00:00 GMT' }, [0]],
  ['nothing that can be read', { 'Retry-After': '1.5' }, [1]],
  ['the rest of a window', { RateLimit: '"api";r=0;t=55' }, [55]],
])('a pause of %s', async (_, headers, expected) => {
  await using server = await startServer((_request, response) => {
    response.writeHead(server.requests.length === 1 ? 429 : 200, headers).end('ok')
  })
  const { reply, pauses } = ask(server.url)
  expect(textOf(await reply)).toBe('ok')
  expect(pauses).toEqual(expected)
})

test('a pause of more than five minutes is not made', async () => {
  await using server = await startServer((_, response) => response.writeHead(429, { 'Retry-After': '301' }).end())
  const { reply, pauses } = ask(server.url, { limitHint: 'Wait.' })
  await expect(reply).rejects.toMatchObject({ status: 429, hint: 'Wait.' })
  expect([server.requests.length, pauses.length]).toEqual([1, 0])
})

test('a broken connection, and an answer that breaks off, are tried again', async () => {
  await using server = await startServer((request, response) => {
    if (server.requests.length === 1) request.socket.resetAndDestroy()
    else if (server.requests.length === 2) response.writeHead(200, { 'Content-Length': 10 }).write('half', () => request.socket.destroy())
    else response.end('whole')
  })
  expect(textOf(await ask(server.url).reply)).toBe('whole')
})

test.each([
  ['ECONNREFUSED', 'connection-failed', true],
  ['EAI_AGAIN', 'connection-failed', true],
  ['ENOTFOUND', 'host-unknown', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-untrusted', false],
  ['CERT_HAS_EXPIRED', 'certificate-untrusted', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-untrusted', false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-failed', false],
  ['EPROTO', 'tls-failed', false],
])('%s is %s, transient: %j', async (code, named, transient) => {
  let asked = 0
  const broken: Fetch = async () => {
    asked += 1
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('it broke'), { code }) })
  }
  const error: unknown = await ask('https://hub.test/', { transport: fetchTransport(broken) }).reply.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ errorCode: named, transient, message: expect.stringContaining('no answer from hub.test: ') })
  expect(asked).toBe(transient ? 4 : 1)
})

test('more bytes than allowed: the transfer ends, and is not tried again', async () => {
  let closed = 0
  await using server = await startServer((_, response) => {
    const more = () => void response.write(Buffer.alloc(65_536), (error) => error ?? more())
    response.on('close', () => (closed += 1))
    more()
  })
  await expect(ask(server.url, { mostBytes: 1_000_000 }).reply).rejects.toMatchObject({ errorCode: 'response-too-large', transient: false })
  while (closed === 0) await new Promise(setImmediate)
  expect(server.requests).toHaveLength(1)
})

test('the limit is what a success may have, and a refusal is read only as far as it is quoted', async () => {
  await using server = await startServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404).end('x'.repeat(request.url === '/' ? 10 : 1_000_000))
  })
  expect((await ask(server.url, { mostBytes: 10 }).reply).body).toHaveLength(10)
  await expect(ask(server.url, { mostBytes: 9 }).reply).rejects.toMatchObject({ errorCode: 'response-too-large' })
  expect((await ask(`${server.url}/404`, { mostBytes: 9 }).reply).body.length).toBeLessThan(200_000)
})

test('where only the head is wanted, a body without end is left', async () => {
  let closed = 0
  await using server = await startServer((_, response) => {
    const more = () => void response.write(Buffer.alloc(65_536), (error) => error ?? more())
    response.on('close', () => (closed += 1))
    more()
  })
  expect(await ask(server.url, { headOnly: true }).reply).toMatchObject({ status: 200, body: new Uint8Array() })
  while (closed === 0) await new Promise(setImmediate)
})

test.each(['before its head', 'in its body'])(
  'an answer that stops %s: the limit counts for the whole of it, and it is tried again',
  async (where) => {
    await using server = await startServer((_, response) => {
      if (where === 'in its body') response.writeHead(200, { 'Content-Length': 10 }).write('half')
    })
    await expect(ask(server.url, { limitMs: 50 }).reply).rejects.toMatchObject({
      transient: true,
      message: expect.stringContaining('it took more than 0.05 s'),
    })
    expect(server.requests).toHaveLength(4)
  },
)

test('an abort ends a request at once, and a pause', async () => {
  for (const [listening, clock] of [
    ['hangs', undefined],
    ['busy', systemClock()],
  ] as const) {
    await using server = await startServer((_, response) => void (listening === 'busy' && response.writeHead(503).end()))
    const cancel = new AbortController()
    const { reply } = ask(server.url, { signal: cancel.signal, ...(clock && { clock }) })
    const outcome = reply.catch((reason: unknown) => reason)
    while (server.requests.length === 0) await new Promise(setImmediate)
    cancel.abort()
    expect(await outcome).toBeInstanceOf(CancelledError)
  }
})

test.each([
  ['http://hub.test/', 'is not encrypted'],
  ['http://10.0.0.1/', 'is not encrypted'],
  ['http://127.0.0.1.example.com/', 'is not encrypted'],
  ['https://169.254.169.254/', 'link-local or metadata'],
  ['https://[fe80::1]/', 'link-local or metadata'],
  ['ftp://hub.test/', 'is not a web address'],
  ['https://robot:s3cret@hub.test/', 'contains a name or password'],
])('%s is not asked', async (url, reason) => {
  let asked = 0
  const transport = fetchTransport(async () => (asked++, new Response()))
  await expect(ask(url, { transport }).reply).rejects.toMatchObject({
    errorCode: 'address-refused',
    message: expect.stringContaining(reason),
  })
  expect(asked).toBe(0)
})

test('a page in place of JSON names the host and what was asked, not what the page repeats of the request', async () => {
  await using server = await startServer((_, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      .end('<html><head><title>Sign in\n to Corp</title></head></html>')
  })
  const reply = await ask(server.url).reply
  expect(() => jsonOf(reply, 'Listing a model')).toThrow(ServiceError)
  expect(() => jsonOf(reply, 'Listing a model')).toThrow(
    expect.objectContaining({
      errorCode: 'response-not-json',
      message: expect.stringMatching(`^Listing a model: .*${new URL(server.url).host}.* Sign in to Corp`),
    }),
  )
})

test.each([
  'authorization: Bearer hf_abcdefghijklmnopqrstuvwxyz0123',
  'Authorization: Basic cm9ib3Q6czNjcmV0',
  'your token hf_abcdefghijklmnopqrstuvwxyz0123 is no good',
  'GET /file?X-Amz-Signature=0123abc&Expires=1 was refused',
  'cannot reach https://robot:s3cret@cache.test/',
  'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmF0dXJl is expired',
])('what a service says is quoted without secrets: %s', async (words) => {
  await using server = await startServer((_, response) => response.writeHead(503).end(JSON.stringify({ error: words })))
  const error = (await ask(server.url).reply.catch((reason: unknown) => reason)) as Error
  expect(error.message).toContain('…')
  expect(error.message).not.toMatch(/hf_abc|cm9ib3Q|Signature=0|s3cret|eyJ/)
})

test('a long answer is quoted in part', async () => {
  await using server = await startServer((_, response) => response.writeHead(500).end('word '.repeat(1000)))
  const error = (await ask(server.url).reply.catch((reason: unknown) => reason)) as Error
  expect(error.message.length).toBeLessThan(250)
})
