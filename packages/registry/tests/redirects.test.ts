import { expect, test } from '@jest/globals'
import { openShapes } from './image-shapes.ts'
import { json, redirect, scripted, type Asked, type Script } from './scripted-registry.ts'

const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`
const challenged = (realm: string, scope = '') =>
  json('{}', { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}"${scope && `,scope="${scope}"`}` } })

function openImage() {
  const { serve, index, image, listed, linux } = openShapes()
  const root = index([listed(linux('amd64'))])
  const single = image(linux('amd64'))
  /** As distribution does it: who does not accept an index gets one platform's manifest. */
  const convert: Script = ({ url, accept = '' }) => serve(url, accept.includes('index') ? root : single)
  return { serve, root, single, convert }
}

test.each([301, 302, 303, 307, 308])(
  'a manifest that is redirected (%i) to a registry that converts: the index is pinned',
  async (status) => {
    const { root, convert } = openImage()
    const { resolve } = scripted({ 'r.test': ({ url }) => redirect(`https://pkg.test${url.pathname}`, status), 'pkg.test': convert })
    expect(await resolve('r.test')).toMatchObject({ digest: root.digest, compressedBytes: 3000 })
  },
)

test('a vanity host in front of a registry that wants a token of its own, for the repository as it is there', async () => {
  const { root, serve } = openImage()
  const { asked, resolve } = scripted({
    'vllm.test': ({ url }) => redirect(`https://ghcr.test${url.pathname.replace('/team/', '/owner/real-')}`),
    'ghcr.test': ({ url, authorization }) => {
      if (url.pathname === '/token') return json({ token: 'good' })
      return authorization === 'Bearer good' ? serve(url, root) : challenged('https://ghcr.test/token')
    },
  })
  expect(await resolve('vllm.test')).toMatchObject({ name: 'vllm.test/team/vllm', digest: root.digest })
  const scopes = asked.filter(({ url }) => url.pathname === '/token').map(({ url }) => url.searchParams.getAll('scope'))
  expect(scopes).toEqual([['repository:owner/real-vllm:pull']])
})

/** `front.test` wants a login of its own and then leads to `back.test`, which wants another one. */
function twoRegistries(logins: Record<string, { username: string; password: string }>) {
  const { root, serve } = openImage()
  const tokens: Script = ({ url, authorization }) => json({ token: `${url.pathname}-${authorization ?? 'anyone'}`.replaceAll(/\W/g, '') })
  const opens = ({ authorization = '' }: Asked, who: string) => authorization.startsWith('Bearer ') && authorization.includes(who)
  const back = (asked: Asked) => (opens(asked, 'back') ? serve(asked.url, root) : challenged('https://auth.test/back'))
  return scripted(
    {
      'front.test': (asked) =>
        opens(asked, 'front') ? redirect(`https://back.test${asked.url.pathname}`) : challenged('https://auth.test/front'),
      'back.test': back,
      'auth.test': tokens,
    },
    { logins },
  )
}

test('each registry is given its own token, with its own login', async () => {
  const login = (name: string) => ({ username: name, password: 'p' })
  const { asked, resolve } = twoRegistries({ 'front.test': login('one'), 'back.test': login('two') })
  expect(await resolve('front.test')).toMatchObject({ name: 'front.test/team/vllm', compressedBytes: 3000 })
  const grants = asked.filter(({ url }) => url.host === 'auth.test').map(({ url, authorization }) => [url.pathname, authorization])
  expect(grants).toEqual([
    ['/front', basic('one:p')],
    ['/back', basic('two:p')],
  ])
  for (const { url, authorization } of asked.filter(({ url: { host } }) => host !== 'auth.test')) {
    expect(authorization ?? url.host.split('.')[0]).toContain(url.host.split('.')[0])
  }
})

test('a registry that is led to gets nothing of the first one’s login', async () => {
  const { asked, resolve } = twoRegistries({ 'front.test': { username: 'one', password: 'p' } })
  await resolve('front.test')
  const grants = asked.filter(({ url }) => url.pathname === '/back').map(({ authorization }) => authorization)
  expect(grants).toEqual([undefined])
})

test('a refusal of the second registry names that one', async () => {
  const { resolve } = scripted({
    'front.test': ({ url }) => redirect(`https://back.test${url.pathname}`),
    'back.test': () => json('{}', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }),
  })
  await expect(resolve('front.test')).rejects.toThrow('give `registry-credentials` for back.test')
})

test('a redirect on the same origin keeps the token', async () => {
  const { root, serve } = openImage()
  const { resolve } = scripted({
    'r.test': ({ url, authorization }) => {
      if (url.pathname === '/token') return json({ token: 'good' })
      if (authorization !== 'Bearer good') return challenged('/token')
      return url.pathname.startsWith('/mirror') ? serve(url, root) : redirect(`/mirror${url.pathname}`)
    },
  })
  expect(await resolve('r.test')).toMatchObject({ digest: root.digest })
})

test('a configuration in a store: without the token, over several hops, and a refusal there is not about logins', async () => {
  const { single, serve } = openImage()
  const hosts = (store: Script): Record<string, Script> => ({
    'r.test': ({ url, authorization }) => {
      if (url.pathname === '/token') return json({ token: 'good' })
      if (authorization !== 'Bearer good') return challenged('/token')
      return url.pathname.includes('/blobs/') ? redirect(`https://cdn.test/1?to=${url.pathname.split('/').at(-1)}`) : serve(url, single)
    },
    'cdn.test': ({ url }) => redirect(`https://store.test/${url.searchParams.get('to')}?X-Amz-Signature=abc`),
    'store.test': store,
  })
  const open = scripted(hosts(({ url, authorization }) => (authorization === undefined ? serve(url, single) : json('', { status: 400 }))))
  expect(await open.resolve('r.test')).toMatchObject({ digest: single.digest, compressedBytes: 3000 })
  const closed = scripted(hosts(() => json('<Error><Code>AccessDenied</Code></Error>', { status: 403 })))
  await expect(closed.resolve('r.test')).rejects.toMatchObject({
    errorCode: 'registry-request-failed',
    status: 403,
    message: expect.stringContaining('store.test'),
  })
})

test('Docker Hub is asked under the name of its API, with the login for docker.io', async () => {
  const { root, serve } = openImage()
  const { asked, resolve } = scripted(
    {
      'registry-1.docker.io': ({ url, authorization }) =>
        authorization === 'Bearer good' ? serve(url, root) : challenged('https://auth.docker.io/token'),
      'auth.docker.io': ({ authorization }) => (authorization === basic('me:p') ? json({ token: 'good' }) : json('{}', { status: 401 })),
    },
    { logins: { 'docker.io': { username: 'me', password: 'p' } } },
  )
  expect(await resolve('docker.io')).toMatchObject({ name: 'docker.io/team/vllm' })
  expect(asked[0]?.url.href).toBe('https://registry-1.docker.io/v2/team/vllm/manifests/v1')
})

test('a redirect without end, and one to the machine’s metadata, are refused', async () => {
  const round = scripted({ 'r.test': ({ url }) => redirect(`${url.pathname}?again=${Math.random()}`) })
  await expect(round.resolve('r.test')).rejects.toMatchObject({ errorCode: 'redirects-too-many' })
  expect(round.asked).toHaveLength(11)
  const inward = scripted({ 'r.test': () => redirect('http://169.254.169.254/latest/meta-data/iam/security-credentials/') })
  await expect(inward.resolve('r.test')).rejects.toMatchObject({ errorCode: 'redirect-refused' })
  expect(inward.asked).toHaveLength(1)
})
