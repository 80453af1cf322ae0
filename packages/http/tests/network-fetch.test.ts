import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { startProxy } from '@prebake/simulator/proxy'
import { networkFetch } from '../src/network-fetch.ts'
import { proxyEnvironment } from '../src/proxy-environment.ts'
import { startServer } from './start-server.ts'

const get = (url: string, limitMs: number, env: Record<string, string> = {}) =>
  networkFetch(proxyEnvironment(env), limitMs)(new URL(url), { headers: {}, redirect: 'manual', signal: new AbortController().signal })

test('a server that does not begin TLS, and a proxy that makes no tunnel: the limit of the connection counts', async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => void sockets.push(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  await using proxy = await startProxy({})
  try {
    await expect(get(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`, 100)).rejects.toThrow('no connection within 0.1 s')
    await expect(get('https://hub.test/', 100, { HTTPS_PROXY: `127.0.0.1:${proxy.port}` })).rejects.toThrow('no connection within 0.1 s')
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  }
})

test('a slow answer has its time, on a new connection and on one that is used again', async () => {
  await using server = await startServer((_, response) => void setTimeout(() => response.end('slow'), 200))
  const fetch = networkFetch({ http_proxy: undefined, https_proxy: undefined, no_proxy: undefined }, 100)
  for (let time = 0; time < 2; time += 1) {
    const init = { headers: {}, redirect: 'manual', signal: new AbortController().signal } as const
    expect(await (await fetch(new URL(server.url), init)).text()).toBe('slow')
  }
  expect(new Set(server.requests.map(({ socket }) => socket.remotePort)).size).toBe(1)
})

test('every line of a header arrives, and a name for whoever reads the log', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(401, ['WWW-Authenticate', 'Basic realm="x"', 'WWW-Authenticate', 'Bearer realm="y"']).end()
  })
  const response = await get(server.url, 1000)
  expect(response.headers.get('www-authenticate')).toBe('Basic realm="x", Bearer realm="y"')
  expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'prebake' })
})
