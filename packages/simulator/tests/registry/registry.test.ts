import { versions } from '@prebake/versions'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startRegistry, type RunningRegistry } from '../../src/registry/start-registry.ts'

let registry: RunningRegistry
beforeAll(async () => {
  registry = await startRegistry()
})
afterAll(() => registry.close())

/** Asks as an anonymous client does: without a token, then with the one that the challenge points to. */
async function ask(path: string, method = 'GET'): Promise<Response> {
  const url = new URL(path, registry.url)
  const challenge = (await fetch(url, { method })).headers.get('www-authenticate') ?? ''
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const grant = await fetch(`${field('realm')}?${new URLSearchParams({ service: field('service'), scope: field('scope') }).toString()}`)
  const { token } = (await grant.json()) as { token: string }
  return fetch(url, { method, headers: { Authorization: `Bearer ${token}` } })
}

test('a tag names an index, the index a manifest for each architecture, and every digest fits', async () => {
  const response = await ask(`/v2/vllm/vllm-openai/manifests/v${versions.vllm}`)
  expect(response.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json')
  const text = await response.text()
  expect(response.headers.get('docker-content-digest')).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
  const index = JSON.parse(text) as { manifests: { digest: string; size: number; platform: { architecture: string } }[] }
  expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64'])
  for (const { digest, size } of index.manifests) {
    const manifest = await (await ask(`/v2/vllm/vllm-openai/manifests/${digest}`)).text()
    expect([`sha256:${createHash('sha256').update(manifest).digest('hex')}`, Buffer.byteLength(manifest)]).toEqual([digest, size])
    const { layers, config } = JSON.parse(manifest) as { layers: { size: number }[]; config: { digest: string } }
    const gigabytes = layers.reduce((sum, layer) => sum + layer.size, 0) / 1e9
    expect(gigabytes).toBeGreaterThan(8)
    expect(gigabytes).toBeLessThan(10)
    expect((await ask(`/v2/vllm/vllm-openai/blobs/${config.digest}`)).status).toBe(200)
  }
})

test('HEAD answers the digest without a body', async () => {
  const response = await ask(`/v2/vllm/vllm-openai/manifests/v${versions.vllm}`, 'HEAD')
  expect(response.status).toBe(200)
  expect(response.headers.get('docker-content-digest')).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(await response.text()).toBe('')
})

test.each([
  ['/v2/vllm/vllm-openai/manifests/v0.0.0', 404, 'MANIFEST_UNKNOWN'],
  ['/v2/no-one/nothing/manifests/v1', 404, 'NAME_UNKNOWN'],
  ['/v2/vllm/vllm-openai/blobs/sha256:00', 404, 'BLOB_UNKNOWN'],
  ['/v2/prebake-examples/private/manifests/v1', 401, 'UNAUTHORIZED'],
])('refuses %s with %i %s', async (path, status, code) => {
  const response = await ask(path)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ errors: [{ code }] })
})

test('a token is good for its repository only', async () => {
  const { token } = (await (await fetch(new URL('/token?scope=repository:library/pause:pull', registry.url))).json()) as { token: string }
  const headers = { Authorization: `Bearer ${token}` }
  expect((await fetch(new URL('/v2/library/pause/manifests/3.10', registry.url), { headers })).status).toBe(200)
  expect((await fetch(new URL(`/v2/vllm/vllm-openai/manifests/v${versions.vllm}`, registry.url), { headers })).status).toBe(401)
})

test('a client that does not accept an index is given the manifest for amd64 in its place', async () => {
  const accept = async (types: string) => {
    const token = (await (await fetch(new URL('/token?scope=repository:library/pause:pull', registry.url))).json()) as { token: string }
    const headers = { Authorization: `Bearer ${token.token}`, Accept: types }
    return (await fetch(new URL('/v2/library/pause/manifests/3.10', registry.url), { headers })).headers.get('content-type')
  }
  expect(await accept('application/vnd.oci.image.manifest.v1+json')).toBe('application/vnd.oci.image.manifest.v1+json')
  expect(await accept('application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json')).toMatch(/index/)
  expect(await accept('*/*')).toMatch(/index/)
})
