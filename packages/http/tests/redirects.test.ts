import { expect, test } from '@jest/globals'
import { fetchTransport, redirectOf, type Fetch } from '../src/index.ts'
import { ask, textOf } from './ask.ts'
import { startServer } from './start-server.ts'

test.each([
  [10, 'arrived'],
  [11, 'redirects-too-many'],
])('%i redirects: %s', async (hops, outcome) => {
  await using server = await startServer((request, response) => {
    const hop = Number(request.url?.slice(1))
    if (hop === hops) response.end('arrived')
    else response.writeHead(302, { Location: `/${hop + 1}` }).end()
  })
  const end = await ask(`${server.url}/0`).reply.then(textOf, (error: { errorCode: string }) => error.errorCode)
  expect(end).toBe(outcome)
  expect(server.requests).toHaveLength(11)
})

test('headers go along, and an authorization to its own origin only', async () => {
  await using store = await startServer((_, response) => response.writeHead(307, { Location: `${server.url}/back` }).end())
  await using server = await startServer((request, response) => {
    if (request.url === '/back') response.end('arrived')
    else response.writeHead(307, { Location: request.url === '/' ? '/moved' : `${store.url}/file` }).end()
  })
  const authorization = (origin: string) => (origin === server.url ? 'Bearer secret' : undefined)
  const reply = await ask(server.url, { headers: { accept: 'application/x' }, authorization }).reply
  expect([textOf(reply), reply.url.href]).toEqual(['arrived', `${server.url}/back`])
  const seen = [...server.requests, ...store.requests].map(({ url, headers }) => [url, headers.accept, headers.authorization])
  expect(seen).toEqual([
    ['/', 'application/x', 'Bearer secret'],
    ['/moved', 'application/x', 'Bearer secret'],
    ['/back', 'application/x', 'Bearer secret'],
    ['/file', 'application/x', undefined],
  ])
})

test('each hop is tried again by itself', async () => {
  await using server = await startServer((request, response) => {
    if (request.url === '/') response.writeHead(302, { Location: '/busy' }).end()
    else response.writeHead(server.requests.length < 4 ? 503 : 200).end('ok')
  })
  expect(textOf(await ask(server.url).reply)).toBe('ok')
  expect(server.requests.map(({ url }) => url)).toEqual(['/', '/busy', '/busy', '/busy'])
})

test('a name and password in the address are left out', async () => {
  await using server = await startServer((request, response) => {
    const { host } = new URL(server.url)
    if (request.url === '/') response.writeHead(302, { Location: `http://robot:s3cret@${host}/file` }).end()
    else response.end(request.headers.authorization ?? 'none')
  })
  expect(textOf(await ask(server.url).reply)).toBe('none')
})

test.each([
  ['https://hub.test/', 'http://hub.test/x?Signature=abc', 'is not encrypted'],
  ['https://hub.test/', 'http://127.0.0.1:8080/x?Signature=abc', 'is on this machine'],
  ['https://hub.test/', 'http://localhost/x', 'is on this machine'],
  ['http://127.0.0.1:5000/', 'http://hub.test/x', 'is not encrypted'],
  ['https://hub.test/', 'http://169.254.169.254/latest/meta-data/', 'link-local or metadata'],
  ['https://hub.test/', 'https://169.254.169.254/latest/meta-data/', 'link-local or metadata'],
  ['http://127.0.0.1:5000/', 'http://169.254.170.2/v2/credentials', 'link-local or metadata'],
  ['https://hub.test/', 'https://2852039166/latest', 'link-local or metadata'],
  ['https://hub.test/', 'https://0xa9.0xfe.0xa9.0xfe/latest', 'link-local or metadata'],
  ['https://hub.test/', 'https://[fd00:ec2::254]/latest', 'link-local or metadata'],
  ['https://hub.test/', 'https://[::ffff:169.254.169.254]/latest', 'link-local or metadata'],
  ['https://hub.test/', 'https://metadata.google.internal/', 'link-local or metadata'],
  ['https://hub.test/', 'file:///etc/passwd', 'is not a web address'],
  ['https://hub.test/', 'https://', 'is malformed'],
  ['https://hub.test/', 'https://host:99999/', 'is malformed'],
])('%s does not lead to %s', async (from, to, reason) => {
  const asked: string[] = []
  const redirecting: Fetch = async (url) => {
    asked.push(url.href)
    return new Response(null, { status: 307, headers: { location: to } })
  }
  const error: unknown = await ask(from, { transport: fetchTransport(redirecting) }).reply.catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ errorCode: 'redirect-refused', transient: false, message: expect.stringContaining(reason) })
  expect((error as Error).message).not.toContain('abc')
  expect(asked).toEqual([from])
})

test.each([
  ['https://hub.test/', 'https://cdn.test/x', true],
  ['http://127.0.0.1:5000/', 'http://127.0.0.1:5001/x', true],
  ['http://[::1]:5000/', 'http://localhost:5001/x', true],
  ['http://localhost:5000/', 'https://cdn.test/x', true],
])('%s leads to %s', (from, to) => {
  const reply = { url: new URL(from), status: 302, headers: new Headers({ location: to }), body: new Uint8Array() }
  expect(redirectOf(reply, 'Asking')?.href).toBe(to)
})

test('a redirect is an answer to who wants it', async () => {
  await using server = await startServer((_, response) => response.writeHead(302, { Location: 'https://cdn.test/x' }).end())
  expect(await ask(server.url, { redirect: 'answer' }).reply).toMatchObject({ status: 302 })
})
