import { expect, test } from '@jest/globals'
import { parseRegistryCredentials } from '../src/index.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const login = { username: 'robot', password: 'pass:word' }

test.each<[string, unknown, Record<string, object>]>([
  ['one registry', { 'ghcr.io': login }, { 'ghcr.io': login }],
  [
    'a registry on this machine',
    { 'localhost:5000': login, '127.0.0.1:5001': login },
    { 'localhost:5000': login, '127.0.0.1:5001': login },
  ],
  ['docker’s config', { auths: { 'ghcr.io': { auth: base64('robot:pass:word') } }, credsStore: 'x' }, { 'ghcr.io': login }],
  [
    'docker’s names for Docker Hub',
    { auths: { 'https://index.docker.io/v1/': { auth: base64('robot:pass:word') } } },
    { 'docker.io': login },
  ],
  ['IPv6, and capital letters', { '[::1]:5000': login, 'GHCR.IO': login }, { '[::1]:5000': login, 'ghcr.io': login }],
  ['an address in place of a name', { 'https://registry.example.com:8443/v2/': login }, { 'registry.example.com:8443': login }],
])('%s', (_title, content, logins) => {
  expect(parseRegistryCredentials(JSON.stringify(content))).toEqual({ logins })
})

test.each<[string, string, string]>([
  ['no JSON', 'robot:s3cret', 'is not valid JSON'],
  ['a list', '["s3cret"]', 'is not a JSON object'],
  ['nothing', '{}', 'names no registry'],
  ['the password as key', '{"s3cret": {"username": "a", "password": "b"}}', 'a key that is not the name of a registry'],
  ['the login without a registry', '{"username": "robot", "password": "s3cret"}', 'a key that is not the name of a registry'],
  ['a login as text', '{"ghcr.io": "robot:s3cret"}', 'no username and password for ghcr.io'],
  ['an empty password', '{"ghcr.io": {"username": "s3cret", "password": ""}}', 'no username and password for ghcr.io'],
  ['a store that keeps the password', '{"auths": {"ghcr.io": {}}, "credsStore": "s3cret"}', 'no username and password for ghcr.io'],
  ['an auth that is no pair', `{"auths": {"ghcr.io": {"auth": "${base64('s3cret')}"}}}`, 'no username and password for ghcr.io'],
  [
    'a colon in the name, which no client can send',
    '{"ghcr.io": {"username": "a:b", "password": "s3cret"}}',
    'a username with a colon for ghcr.io',
  ],
])('%s is refused, without quoting the content', (_title, text, wrong) => {
  const parsed = parseRegistryCredentials(text)
  expect(parsed).toEqual({ wrong: expect.stringContaining(wrong) })
  expect(JSON.stringify(parsed)).not.toMatch(/s3cret|robot/)
})
