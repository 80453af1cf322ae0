import { expect, test } from '@jest/globals'
import { readChallenges } from '../src/read-challenges.ts'
import { openShapes } from './image-shapes.ts'
import { json, redirect, scripted, type Asked, type Script } from './scripted-registry.ts'

test.each<[header: string, read: ReturnType<typeof readChallenges>]>([
  ['', []],
  ['Basic', [{ scheme: 'basic', parameters: {} }]],
  ['Basic realm="x"', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  [
    'Bearer realm="https://a/token",service="a b",scope="repository:x/y:pull,push"',
    [{ scheme: 'bearer', parameters: { realm: 'https://a/token', service: 'a b', scope: 'repository:x/y:pull,push' } }],
  ],
  [
    'Basic realm="Artifactory, the Realm", Bearer realm="https://a/token", service=r',
    [
      { scheme: 'basic', parameters: { realm: 'Artifactory, the Realm' } },
      { scheme: 'bearer', parameters: { realm: 'https://a/token', service: 'r' } },
    ],
  ],
  [
    'BEARER Realm = https://a/token , Service = r,, Basic realm=""',
    [
      { scheme: 'bearer', parameters: { realm: 'https://a/token', service: 'r' } },
      { scheme: 'basic', parameters: { realm: '' } },
    ],
  ],
  [
    'Negotiate, NTLM, Basic realm="x"',
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'ntlm', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'x' } },
    ],
  ],
  ['Bearer realm="a \\"quoted\\" Basic realm=b"', [{ scheme: 'bearer', parameters: { realm: 'a "quoted" Basic realm=b' } }]],
  ['Bearer realm="one",realm="two"', [{ scheme: 'bearer', parameters: { realm: 'one' } }]],
  ['realm="x"', []],
])('%s', (header, read) => expect(readChallenges(header)).toEqual(read))

const good = 'the-good-token'
const login = { username: 'robot', password: 'pass:word' }
const basic = `Basic ${Buffer.from('robot:pass:word').toString('base64')}`
const token = 'Bearer realm="https://auth.test/token",service="r"'

/** A registry that asks everyone for credentials in this way, and the server of its tokens. */
function guarded(
  challenge: string,
  grant: Script = () => json({ token: good }),
  options: { login?: typeof login; accepts?: (asked: Asked) => boolean } = {},
) {
  const { serve, image, linux } = openShapes()
  const root = image(linux('amd64'))
  const { accepts = ({ authorization }: Asked) => authorization === `Bearer ${good}` } = options
  return scripted(
    {
      'r.test': (asked) =>
        accepts(asked) ? serve(asked.url, root) : json('{}', { status: 401, headers: { 'www-authenticate': challenge } }),
      'auth.test': grant,
    },
    options.login ? { logins: { 'r.test': options.login } } : {},
  )
}
const grants = (asked: readonly Asked[]) => asked.filter(({ url }) => url.host === 'auth.test')

test.each([
  [token],
  [`Basic realm="x", ${token}`],
  [`${token}, Basic realm="x"`],
  [`Negotiate, ${token}`],
  [`Bearer error="none", ${token}`],
  ['bearer REALM=https://auth.test/token'],
])('a public image is read with a token, where %s is asked for', async (challenge) => {
  expect(await guarded(challenge).resolve('r.test')).toMatchObject({ compressedBytes: 3000 })
})

test.each<[challenge: string, scopes: readonly string[]]>([
  [token, ['repository:team/vllm:pull']],
  [`${token},scope=""`, ['repository:team/vllm:pull']],
  [`${token},scope="repository:team/vllm:pull"`, ['repository:team/vllm:pull']],
  [
    `${token},scope="repository:other:pull registry:catalog:*"`,
    ['repository:team/vllm:pull', 'repository:other:pull', 'registry:catalog:*'],
  ],
])('the scope is asked for: %s', async (challenge, scopes) => {
  const { asked, resolve } = guarded(challenge)
  await resolve('r.test')
  const [grant] = grants(asked)
  expect([grant?.url.searchParams.getAll('scope'), grant?.url.searchParams.get('service')]).toEqual([scopes, 'r'])
})

test.each([
  { token: good },
  { access_token: good },
  { token: '', access_token: good },
  { token: null, access_token: good },
  { token: good, access_token: 'x' },
])('the token of %j', async (body) =>
  expect(await guarded(token, () => json(body)).resolve('r.test')).toMatchObject({ compressedBytes: 3000 }),
)

test.each<[string, Response]>([
  ['a page', json('<html><title>Sign in</title></html>', { headers: { 'content-type': 'text/html' } })],
  ['nothing', json('')],
  ['{}', json({})],
  ['null', json('null')],
  ['a list', json([])],
  ['a number', json({ token: 1 })],
  ['a line break', json({ token: 'a\nb' })],
  ['404', json('', { status: 404 })],
  ['500', json('', { status: 500 })],
])('%s in place of a token is a fault of the server that gives tokens', async (_, response) => {
  const error = (await guarded(token, () => response.clone())
    .resolve('r.test')
    .catch((reason: unknown) => reason)) as Error
  expect(error).toMatchObject({ errorCode: expect.stringMatching(/^(registry-token-missing|response-not-json|service-unavailable)$/) })
  expect(error.message).toContain('Reading the manifest of r.test/team/vllm:v1: ')
  expect(error.message).toContain('auth.test')
})

test.each([400, 401, 403])('%i in place of a token: it cannot be read, or not with this login', async (status) => {
  const refuse = () => json('{}', { status })
  await expect(guarded(token, refuse).resolve('r.test')).rejects.toMatchObject({ errorCode: 'image-access-denied' })
  await expect(guarded(token, refuse, { login }).resolve('r.test')).rejects.toMatchObject({ errorCode: 'registry-login-refused' })
})

test.each(['http://auth.test/token', 'https://169.254.169.254/token', 'http://127.0.0.1:1/token'])(
  'no token is asked for at %s',
  async (realm) => {
    const { asked, resolve } = guarded(`Bearer realm="${realm}"`, undefined, { login })
    await expect(resolve('r.test')).rejects.toMatchObject({ errorCode: 'address-refused' })
    expect(asked.every(({ url }) => url.host === 'r.test')).toBe(true)
  },
)

test('a token without an address is the registry’s fault, unless a password will do', async () => {
  const challenge = 'Bearer realm="https://", service="r"'
  await expect(guarded(challenge).resolve('r.test')).rejects.toMatchObject({ errorCode: 'registry-token-missing' })
  const accepts = ({ authorization }: Asked) => authorization === basic
  expect(await guarded('Bearer service="r", Basic', undefined, { login, accepts }).resolve('r.test')).toMatchObject({
    compressedBytes: 3000,
  })
})

test('the login goes to the registry or to the server of its tokens, as it asks', async () => {
  const tokens = guarded(`Basic realm="x", ${token}`, ({ authorization }) => json(authorization === basic ? { token: good } : {}), {
    login,
  })
  await tokens.resolve('r.test')
  expect(new Set(tokens.asked.filter(({ authorization }) => authorization === basic).map(({ url }) => url.host))).toEqual(
    new Set(['auth.test']),
  )
  const password = guarded('Basic realm="x"', undefined, { login, accepts: ({ authorization }) => authorization === basic })
  expect(await password.resolve('r.test')).toMatchObject({ compressedBytes: 3000 })
  expect(grants(password.asked)).toEqual([])
})

test('the login does not follow a redirect of the server of tokens', async () => {
  const { asked, resolve } = guarded(
    token,
    ({ url }) => (url.pathname === '/token' ? redirect('https://elsewhere.test/token') : undefined),
    { login },
  )
  await expect(resolve('r.test')).rejects.toMatchObject({ errorCode: 'host-unknown' })
  expect(asked.filter(({ authorization }) => authorization !== undefined).map(({ url }) => url.host)).toEqual(['auth.test'])
  expect(asked.at(-1)?.url.host).toBe('elsewhere.test')
})

test('credentials are found for a registry in capital letters', async () => {
  const accepts = ({ authorization }: Asked) => authorization === basic
  expect(await guarded('Basic', undefined, { login, accepts }).resolve('R.TEST')).toMatchObject({ name: 'R.TEST/team/vllm' })
})

test('a token that has expired between two readings is renewed, once for each', async () => {
  let given = 0
  let read = 0
  // The manifest is read with the first token, the configuration with the second.
  const accepts = ({ authorization }: Asked) => authorization === `Bearer token-${read + 1}` && (read += 1) > 0
  const { asked, resolve } = guarded(token, () => json({ token: `token-${(given += 1)}` }), { accepts })
  expect(await resolve('r.test')).toMatchObject({ compressedBytes: 3000 })
  expect(grants(asked)).toHaveLength(2)
  const refusing = guarded(token, undefined, { accepts: () => false })
  await expect(refusing.resolve('r.test')).rejects.toMatchObject({ errorCode: 'image-access-denied' })
  expect(grants(refusing.asked)).toHaveLength(1)
})
