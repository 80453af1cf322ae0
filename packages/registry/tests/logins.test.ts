import { afterEach, expect, test } from '@jest/globals'
import type { ImageReference } from '@prebake/image-reference'
import { startRegistry, type RunningRegistry } from '@prebake/simulator/registry'
import { ociRegistry } from '../src/index.ts'

const { signal } = new AbortController()
const login = { username: 'robot', password: 'pass:word' }
const wrong = { username: 'robot', password: 'guessed' }
const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

let server: RunningRegistry
afterEach(() => server.close())

async function start(scheme: 'bearer' | 'basic', username = 'robot'): Promise<ImageReference> {
  server = await startRegistry({ users: { [username]: login.password }, scheme })
  return { registry: new URL(server.url).host, repository: 'prebake-examples/private', tag: 'v1', digest: undefined }
}

test.each(['bearer', 'basic'] as const)('a private image is read with the login, where the registry asks for %s', async (scheme) => {
  const image = await start(scheme)
  const registry = ociRegistry({ logins: { [image.registry]: login, 'ghcr.io': wrong } })
  expect(await registry.resolve(image, 'x86_64', signal)).toMatchObject({ tag: 'v1', compressedBytes: 1_000_000 })
})

test.each(['bearer', 'basic'] as const)('a wrong login is a problem of the input, and is not quoted (%s)', async (scheme) => {
  const image = await start(scheme)
  const attempt = ociRegistry({ logins: { [image.registry]: wrong } }).resolve(image, 'x86_64', signal)
  const problems = [{ code: 'registry-login-refused', input: 'registry-credentials', wrong: expect.stringContaining(image.registry) }]
  await expect(attempt).rejects.toMatchObject({ problems })
  await expect(attempt).rejects.not.toThrow(/guessed/)
})

test('without a login the input is named that would help', async () => {
  const image = await start('bearer')
  await expect(ociRegistry({ logins: { 'ghcr.io': login } }).resolve(image, 'x86_64', signal)).rejects.toMatchObject({
    problems: [{ code: 'image-access-denied', remedy: expect.stringContaining(`\`registry-credentials\` for ${image.registry}`) }],
  })
})

test('the login goes to its registry and where that points for tokens, and nowhere else', async () => {
  const image = await start('bearer')
  const asked = new Set<string>()
  const sent = new Set<string>()
  const elsewhere: typeof fetch = async (input, init) => {
    const url = new URL((input as URL).href)
    asked.add(url.origin)
    if (new Headers(init?.headers).has('authorization')) sent.add(url.origin)
    if (url.host !== 'blobs.example.com') {
      const response = await fetch(url, init)
      // The configuration lies in a store of its own, as with most registries.
      return url.pathname.includes('/blobs/') && response.status === 200
        ? new Response(null, { status: 307, headers: { location: `https://blobs.example.com${url.pathname}` } })
        : response
    }
    const own = await fetch(new URL(url.pathname, server.url), { headers: { authorization: '' } })
    return new Response(await own.text(), { status: 200 })
  }
  const single = { ...image, repository: 'prebake-examples/amd64-manifest' }
  await ociRegistry({ fetch: elsewhere, logins: { [image.registry]: login } })
    .resolve(single, 'x86_64', signal)
    .catch(() => undefined)
  expect(asked).toEqual(new Set([server.url, 'https://blobs.example.com']))
  expect(sent).toEqual(new Set([server.url]))
})

test('for private ECR AWS is asked, unless there is a login; what it refuses is the role’s', async () => {
  const image = { ...(await start('basic', 'AWS')), registry: ecr }
  const asked: string[] = []
  const toServer: typeof fetch = (input, init) => fetch((input as URL).href.replace(`https://${ecr}`, server.url), init)
  const registry = (password: string, logins = {}) =>
    ociRegistry({
      fetch: toServer,
      logins,
      ecrLogin: async (name) => {
        asked.push(name)
        return { username: 'AWS', password }
      },
    })
  expect(await registry(login.password).resolve(image, 'x86_64', signal)).toMatchObject({ name: `${ecr}/prebake-examples/private` })
  expect(asked).toEqual([ecr])
  await registry('none', { [ecr]: { username: 'AWS', password: login.password } }).resolve(image, 'x86_64', signal)
  expect(asked).toEqual([ecr])
  await expect(registry('expired').resolve(image, 'x86_64', signal)).rejects.toMatchObject({ errorCode: 'image-access-denied' })
})
