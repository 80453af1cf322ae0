import { expect, test } from '@jest/globals'
import { fingerprint, type Recipe } from '../src/recipe.ts'
import { requireVolumeSize } from '../src/volume-size.ts'

const recipe: Recipe = {
  model: 'owner/name',
  commit: 'a'.repeat(40),
  files: [
    { path: 'a.json', size: 10, digest: { algorithm: 'git-sha1', hex: '01' } },
    { path: 'model.safetensors', size: 4e9, digest: { algorithm: 'sha256', hex: '02' } },
  ],
  images: [{ name: 'docker.io/vllm/vllm-openai', tag: 'v1', digest: `sha256:${'0'.repeat(64)}`, compressedBytes: 9e9 }],
  architecture: 'x86_64',
  snapshotter: 'overlayfs',
}
const image = recipe.images[0] as Recipe['images'][number]

test('the order of the lists does not matter, not even between two images of one name', () => {
  expect(fingerprint({ ...recipe, files: recipe.files.toReversed() })).toBe(fingerprint(recipe))
  const images = [image, { ...image, tag: 'v2' }, { ...image, tag: undefined, digest: `sha256:${'1'.repeat(64)}` }]
  expect(fingerprint({ ...recipe, images: images.toReversed() })).toBe(fingerprint({ ...recipe, images }))
})

test('nor does the order of two images of one name, or of one name and tag', () => {
  const other = `sha256:${'1'.repeat(64)}`
  const images = [image, { ...image, tag: 'v2' }, { ...image, tag: undefined, digest: other }, { ...image, digest: other }]
  expect(fingerprint({ ...recipe, images: images.toReversed() })).toBe(fingerprint({ ...recipe, images }))
})

test.each<[string, Partial<Recipe>]>([
  ['commit', { commit: 'b'.repeat(40) }],
  ['file digest', { files: recipe.files.map((file) => ({ ...file, digest: { ...file.digest, hex: 'ff' } })) }],
  ['a file more', { files: [...recipe.files, { path: 'b.json', size: 1, digest: { algorithm: 'git-sha1', hex: '03' } }] }],
  ['image digest', { images: [{ ...image, digest: `sha256:${'1'.repeat(64)}` }] }],
  ['image tag, since it is a name on the snapshot', { images: [{ ...image, tag: 'v2' }] }],
  ['architecture', { architecture: 'arm64' }],
])('another %s is another fingerprint', (_title, change) => {
  expect(fingerprint({ ...recipe, ...change })).not.toBe(fingerprint(recipe))
})

// 4 GB and 9 GB × 3.15, a fifth free: 30.13 GiB / 0.8 = 37.66.
test('the smallest volume that leaves a fifth free is named', () => {
  expect(() => requireVolumeSize(recipe, 37)).toThrow(
    expect.objectContaining({ errorCode: 'volume-too-small', message: expect.stringContaining('at least 38.') }),
  )
  expect(() => requireVolumeSize(recipe, 38)).not.toThrow()
})
