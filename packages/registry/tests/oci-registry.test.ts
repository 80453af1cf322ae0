import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ImageReference } from '@prebake/image-reference'
import { CancelledError, systemClock } from '@prebake/kernel'
import { startRegistry, type RunningRegistry } from '@prebake/simulator/registry'
import { ociRegistry } from '../src/index.ts'
import { versions } from '@prebake/versions'
import { registryAddress } from '../src/registry-address.ts'

const { signal } = new AbortController()
const tag = `v${versions.vllm}`
const fast = systemClock(10_000)

let server: RunningRegistry
beforeAll(async () => {
  server = await startRegistry()
})
afterAll(() => server.close())

function image(repository: string, tag?: string, digest?: string): ImageReference {
  return { registry: new URL(server.url).host, repository, tag, digest }
}

test('a tag becomes the digest of the index and the size for the architecture', async () => {
  const registry = ociRegistry()
  const intel = await registry.resolve(image('vllm/vllm-openai', tag), 'x86_64', signal)
  const arm = await registry.resolve(image('vllm/vllm-openai', tag), 'arm64', signal)
  expect(intel).toMatchObject({ name: `${new URL(server.url).host}/vllm/vllm-openai`, tag: tag })
  expect(intel.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(arm.digest).toBe(intel.digest)
  expect(intel.compressedBytes).toBe(9_302_601_400)
  expect(arm.compressedBytes).toBeLessThan(intel.compressedBytes)
})

test('a digest is taken at its word and checked; beside a tag, it decides', async () => {
  const { digest } = await ociRegistry().resolve(image('vllm/vllm-openai', tag), 'x86_64', signal)
  expect(await ociRegistry().resolve(image('vllm/vllm-openai', undefined, digest), 'x86_64', signal)).toMatchObject({
    digest,
    tag: undefined,
  })
  expect(await ociRegistry().resolve(image('vllm/vllm-openai', 'v9', digest), 'x86_64', signal)).toMatchObject({ digest, tag: 'v9' })
})

test.each(['manifests/sha256', `manifests/${tag}`])('content that was altered on the way is refused (%s)', async (where) => {
  const altering: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!(input as URL).href.includes(where) || response.status !== 200) return response
    return new Response(`${await response.text()} `, response)
  }
  await expect(ociRegistry({ fetch: altering }).resolve(image('vllm/vllm-openai', tag), 'x86_64', signal)).rejects.toMatchObject({
    errorCode: 'image-content-corrupt',
  })
})

test('a tag may name a manifest without an index', async () => {
  const resolved = await ociRegistry().resolve(image('prebake-examples/amd64-manifest', 'v1'), 'x86_64', signal)
  expect(resolved.compressedBytes).toBe(3_000_000)
})

test.each([
  ['vllm/vllm-openai', 'v0.0.0', 'x86_64', 'image-not-found'],
  ['missing/nothing', 'v1', 'x86_64', 'image-not-found'],
  ['prebake-examples/private', 'v1', 'x86_64', 'image-access-denied'],
  ['prebake-examples/amd64-only', 'v1', 'arm64', 'image-platform-missing'],
  ['prebake-examples/amd64-manifest', 'v1', 'arm64', 'image-platform-missing'],
] as const)('%s:%s for %s is refused', async (repository, tag, architecture, code) => {
  const reference = image(repository, tag)
  const attempt = ociRegistry().resolve(reference, architecture, signal)
  await expect(attempt).rejects.toMatchObject({ problems: [{ code, input: 'images' }] })
  await expect(attempt).rejects.toThrow(`${reference.registry}/${repository}:${tag}`)
})

test('private ECR without AWS credentials is refused before anything is asked', async () => {
  const reference = { registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'vllm', tag: 'v1', digest: undefined }
  const never: typeof fetch = () => Promise.reject(new Error('asked'))
  await expect(ociRegistry({ fetch: never }).resolve(reference, 'x86_64', signal)).rejects.toMatchObject({
    errorCode: 'image-access-denied',
  })
})

test.each([
  ['docker.io', 'https://registry-1.docker.io/'],
  ['ghcr.io', 'https://ghcr.io/'],
  ['127.0.0.1:5000', 'http://127.0.0.1:5000/'],
  ['localhost:5000', 'http://localhost:5000/'],
  ['localhost.example.com', 'https://localhost.example.com/'],
  ['127.0.0.1.example.com', 'https://127.0.0.1.example.com/'],
])('%s is reached at %s', (registry, address) => {
  expect(registryAddress(registry).href).toBe(address)
})

test('the token is asked for once for each image, and an overloaded registry is tried again', async () => {
  const effect = { kind: 'error', status: 429, code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.' } as const
  for (const [times, result, tokens] of [
    [3, 'resolved', 1],
    [4, 'ServiceError', 0],
  ] as const) {
    const busy = await startRegistry({ faults: [{ server: 'registry', operation: 'GET /v2/', times, effect }] })
    try {
      const reference = { ...image('vllm/vllm-openai', tag), registry: new URL(busy.url).host }
      const attempt = ociRegistry({ clock: fast }).resolve(reference, 'x86_64', signal)
      const outcome = await attempt.then(
        () => 'resolved',
        (error: Error) => error.name,
      )
      expect(outcome).toBe(result)
      expect(busy.journal.entries().filter(({ operation }) => operation === 'GET /token').length).toBe(tokens)
    } finally {
      await busy.close()
    }
  }
})

test('an abort ends it', async () => {
  const stuck = await startRegistry({ faults: [{ server: 'registry', operation: 'GET /v2/', effect: { kind: 'hang' } }] })
  try {
    const cancel = new AbortController()
    const reference = { ...image('vllm/vllm-openai', tag), registry: new URL(stuck.url).host }
    const attempt = ociRegistry().resolve(reference, 'x86_64', cancel.signal)
    while (stuck.journal.entries().length === 0) await new Promise(setImmediate)
    cancel.abort()
    await expect(attempt).rejects.toThrow(CancelledError)
  } finally {
    await stuck.close()
  }
})
