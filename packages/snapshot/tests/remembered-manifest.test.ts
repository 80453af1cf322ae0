import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import type { BuildRequest } from '../src/index.ts'
import { manifestKey, readManifest, type RememberedManifest } from '../src/remembered/manifest.ts'
import { recordSources, rememberedSources } from '../src/remembered/sources.ts'

const commit = '5f9c1b7e3a2d48c06b1e94d7f8a30c5276e4b1d9'
const digest = `sha256:${'a'.repeat(64)}`
const config = '{"model_type":"mistral"}'
const image = { registry: 'docker.io', repository: 'vllm/vllm-openai', digest }

const request = {
  model: 'acme/model',
  revision: commit,
  images: [image],
  architecture: 'x86_64',
  hubHost: 'huggingface.co',
} as unknown as BuildRequest

const manifest: RememberedManifest = {
  listing: {
    model: 'acme/model',
    commit,
    restricted: false,
    files: [{ path: 'config.json', size: config.length, digest: { algorithm: 'git-sha1', hex: gitSha1(config) } }],
  },
  contents: { 'config.json': Buffer.from(config).toString('base64') },
  images: [{ name: 'docker.io/vllm/vllm-openai', digest, compressedBytes: 9 }],
  snapshotId: 'snap-0a1b2c3d4e5f60001',
}

const signal = new AbortController().signal
const read = (changes: object) => readManifest(JSON.stringify({ ...manifest, ...changes }), request)

test('names that may move have no key, and all that matters is part of it', () => {
  expect(manifestKey({ ...request, revision: 'main' })).toBeUndefined()
  expect(manifestKey({ ...request, images: [{ ...image, digest: undefined }] } as unknown as BuildRequest)).toBeUndefined()
  const keys = [request, { ...request, model: 'acme/other' }, { ...request, architecture: 'arm64' }, { ...request, hubHost: 'mirror' }]
  expect(new Set(keys.map((each) => manifestKey(each as BuildRequest))).size).toBe(4)
  expect(manifestKey(request)).toMatch(/^[\w-]{1,512}$/)
})

test('what was recorded is read again', async () => {
  const { hub, registry, recorded } = recordSources(rememberedSources(manifest))
  const listing = await hub.list('acme/model', commit, signal)
  for (const file of listing.files) await hub.read(listing, file, signal)
  for (const each of request.images) await registry.resolve(each, 'x86_64', signal)
  expect(readManifest(JSON.stringify(recorded(manifest.snapshotId)), request)).toEqual(manifest)
})

test.each<readonly [string, object]>([
  ['another form', { listing: 1 }],
  ['a further field', { evil: true }],
  ['another commit', { listing: { ...manifest.listing, commit: 'b'.repeat(40) } }],
  ['another model', { listing: { ...manifest.listing, model: 'eve/model' } }],
  ['another image', { images: [{ ...manifest.images[0], digest: `sha256:${'b'.repeat(64)}` }] }],
  ['a missing image', { images: [] }],
  ['an altered file', { contents: { 'config.json': Buffer.from(config.replace('mistral', 'mixtral')).toString('base64') } }],
  ['a file that is not listed', { contents: { ...manifest.contents, 'evil.py': '' } }],
])('%s is refused', (_, changes) => {
  expect(read(changes)).toEqual({ wrong: expect.any(String) })
})

test('what is no JSON is refused', () => {
  expect(readManifest('<html>', request)).toEqual({ wrong: expect.any(String) })
})

test('remembered sources give nothing that they do not have', async () => {
  const { hub, registry } = rememberedSources(manifest)
  const listing = await hub.list('acme/model', commit, signal)
  const [file] = listing.files
  if (file === undefined) throw new Error('There is no file.')
  await expect(hub.locate(listing, file, signal)).rejects.toThrow(RangeError)
  await expect(hub.read(listing, { ...file, path: 'other.json' }, signal)).rejects.toThrow(RangeError)
  await expect(registry.resolve({ ...image, digest: 'sha256:0' } as never, 'x86_64', signal)).rejects.toThrow(RangeError)
})

function gitSha1(text: string): string {
  return createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex')
}
