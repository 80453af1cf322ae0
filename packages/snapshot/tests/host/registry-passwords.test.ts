import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRegistry, type RunningRegistry } from '@prebake/simulator/registry'
import { loginLines, recipeLines } from '../../src/builder/plan-lines.ts'
import type { RegistryLogin, RegistryLogins } from '../../src/ports/image-registry.ts'
import { startBuilder } from './start-builder.ts'

const password = 'pass:word-of-the-registry'
const ecr = '123456789012.dkr.ecr.us-west-2.amazonaws.com'
const repository = 'prebake-examples/private'
let digest: string
let bearer: RunningRegistry
let basic: RunningRegistry
beforeAll(async () => {
  bearer = await startRegistry({ users: { robot: password } })
  basic = await startRegistry({ users: { AWS: password }, scheme: 'basic' })
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`
  const manifest = await fetch(new URL(`/v2/${repository}/manifests/v1`, basic.url), { headers: { authorization } })
  digest = manifest.headers.get('docker-content-digest') ?? ''
})
afterAll(async () => {
  await bearer.close()
  await basic.close()
})

const imageOf = (registry: string) => ({ name: `${registry}/${repository}`, tag: 'v1', digest, compressedBytes: 1 })
const lines = (registry: string, logins: RegistryLogins) => {
  const images = [imageOf(registry)]
  const image = recipeLines({ model: '', commit: '', files: [], images, architecture: 'x86_64', snapshotter: 'overlayfs' }, '')
  return [...loginLines({ images }, logins), ...image.slice(1)]
}

test('a private image is pulled with the login that came in the envelope, and the volume never sees it', async () => {
  const host = new URL(bearer.url).host
  await using builder = await startBuilder()
  await builder.start(lines(host, { [host]: { username: 'robot', password }, 'ghcr.io': { username: 'x', password: 'y' } }))
  expect(await builder.until(({ state }) => state === 'done')).toMatchObject({ images: { done: 1, all: 1 } })
  expect(readdirSync(join(builder.work, 'plan')).filter((name) => name.startsWith('login.'))).toEqual([`login.${host}`])
  const onVolume = readdirSync(join(builder.root, 'local'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const written = onVolume.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n')
  expect(written).toContain('prebake:key')
  for (const form of [password, Buffer.from(`robot:${password}`).toString('base64')]) expect(written).not.toContain(form)
}, 60_000)

test('for private ECR the host’s own plugin gives the password', async () => {
  await using builder = await startBuilder({ registry: basic.url, ecrPassword: password })
  await builder.start(lines(ecr, {}))
  expect(await builder.until(({ state }) => state === 'done')).toMatchObject({ images: { done: 1, all: 1 } })
}, 60_000)

test('a login that was given goes before the plugin', async () => {
  await using builder = await startBuilder({ registry: basic.url })
  await builder.start(lines(ecr, { [ecr]: { username: 'AWS', password } }))
  expect(await builder.until(({ state }) => state === 'done')).toMatchObject({ images: { done: 1, all: 1 } })
}, 60_000)

test.each<[string, RegistryLogin | undefined, RegExp]>([
  ['no login', undefined, /^pulling the image .*: 401\. Check that it exists and that the builder may read it\.$/],
  ['a wrong login', { username: 'robot', password: 'guessed' }, /: 401\. Check .* with the credentials for 127\.0\.0\.1:\d+\.$/],
])(
  'with %s the pull fails after four tries, and says for want of what',
  async (_title, login, words) => {
    const host = new URL(bearer.url).host
    await using builder = await startBuilder()
    await builder.start(lines(host, login === undefined ? {} : { [host]: login }))
    const { detail } = await builder.until(({ state }) => state === 'failed')
    expect(detail).toMatch(words)
    expect(detail).not.toContain('guessed')
  },
  60_000,
)

test('for a role that may not read ECR the message of the plugin is quoted', async () => {
  await using builder = await startBuilder({ registry: basic.url })
  await builder.start(lines(ecr, {}))
  const { detail } = await builder.until(({ state }) => state === 'failed')
  expect(detail).toMatch(
    /^asking the host's credential provider for the password of 123456789012.*ecr:GetAuthorizationToken.*AmazonEC2ContainerRegistryReadOnly/,
  )
}, 60_000)
