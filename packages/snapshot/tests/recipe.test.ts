import { expect, test } from '@jest/globals'
import { containerdMajorFor, fingerprint, type Recipe } from '../src/recipe.ts'
import { snapshotTags } from '../src/tags.ts'
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
  containerdMajor: 2,
}
const image = recipe.images[0] as Recipe['images'][number]

test('the order of the lists does not matter', () => {
  expect(fingerprint({ ...recipe, files: recipe.files.toReversed() })).toBe(fingerprint(recipe))
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
  ['containerd', { containerdMajor: 1 }],
])('another %s is another fingerprint', (_title, change) => {
  expect(fingerprint({ ...recipe, ...change })).not.toBe(fingerprint(recipe))
})

test.each([
  ['1.32', 1],
  ['1.33', 2],
  ['1.36', 2],
])('Kubernetes %s has containerd %d', (version, major) => {
  expect(containerdMajorFor(version)).toBe(major)
})

test('tags fit into what EC2 allows', () => {
  const long = { ...recipe, model: 'm'.repeat(300), images: [{ ...image, name: 'n'.repeat(300) }] }
  const tags = snapshotTags(
    { ...long, model: long.model.slice(0, 250) },
    { fingerprint: 'f', run: 'r', bottlerocket: '1.57.0', kubernetes: '1.34' },
  )
  for (const value of Object.values(tags)) expect(value.length).toBeLessThanOrEqual(256)
  expect(tags['prebake:image-1']).toMatch(new RegExp(`@${image.digest}$`))
})

// 4 GB and 9 GB × 3.15, a fifth free: 30.13 GiB / 0.8 = 37.66.
test('the smallest volume that leaves a fifth free is told', () => {
  expect(() => requireVolumeSize(recipe, 37)).toThrow('Set at least 38.')
  expect(() => requireVolumeSize(recipe, 38)).not.toThrow()
})
