import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { proxyEnvironment } from '../src/proxy-environment.ts'

test.each<[Record<string, string>, string | undefined, string | undefined]>([
  [{}, undefined, undefined],
  [{ HTTPS_PROXY: '' }, undefined, undefined],
  [{ HTTP_PROXY: 'http://proxy:3128' }, undefined, undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128', 'HTTPS_PROXY'],
  [{ https_proxy: 'http://proxy:3128', HTTPS_PROXY: 'http://other:1' }, 'http://proxy:3128', 'https_proxy'],
  [{ HTTPS_PROXY: 'proxy.corp.example:3128' }, 'http://proxy.corp.example:3128', 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: 'me:pa%40ss@proxy:3128' }, 'http://me:pa%40ss@proxy:3128', 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: 'https://proxy.example' }, 'https://proxy.example', 'HTTPS_PROXY'],
])('%j', (env, address, variable) => {
  const read = proxyEnvironment(env)
  expect([read.https_proxy, read.proxy?.variable]).toEqual([address, variable])
  expect(read.proxy?.address ?? '').not.toContain('@')
})

test.each([
  'http://me:s3cret@',
  'socks5://me:s3cret@proxy:1080',
  'http://me:s3#cret@proxy:3128',
  'http://me:s3cret%@proxy:3128',
  'http://proxy:s3cret',
])('%s is refused by the name of its variable, without being quoted', (address) => {
  const read = () => proxyEnvironment({ https_proxy: address })
  expect(read).toThrow(InputError)
  const problems = [expect.objectContaining({ code: 'proxy-address-malformed', input: 'https_proxy' })]
  expect(read).toThrow(expect.objectContaining({ problems }))
  expect(read).not.toThrow(/s3/)
})

// What Node makes of these: https://nodejs.org/docs/latest-v24.x/api/http.html#no_proxy-format
test.each<[given: string, read: string | undefined]>([
  ['', undefined],
  [' , ', undefined],
  ['*', '*'],
  ['example.com', '.example.com'],
  ['.example.com', '.example.com'],
  ['*.example.com', '*.example.com'],
  ['localhost, .corp  example.com', '.localhost,.corp,.example.com'],
  ['example.com:8443', 'example.com:8443'],
  ['10.1.2.3,10.1.2.4:8080', '10.1.2.3,10.1.2.4:8080'],
  ['10.0.0.0/8', '10.0.0.0-10.255.255.255'],
  ['10.0.5.77/30', '10.0.5.76-10.0.5.79'],
  ['192.168.1.1/32', '192.168.1.1-192.168.1.1'],
  ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
  ['[2001:db8::1],2001:db8::2', '2001:db8::1,2001:db8::2'],
])('NO_PROXY=%s', (given, read) => {
  expect(proxyEnvironment({ NO_PROXY: given }).no_proxy).toBe(read)
  expect(proxyEnvironment({ no_proxy: given, NO_PROXY: 'other' }).no_proxy).toBe(given === '' ? '.other' : read)
})
