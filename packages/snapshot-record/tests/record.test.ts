import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { modelPath, readRecord, tagProblem, tagsLeft, writeRecord, type BakeRecord } from '../src/index.ts'

const digest = `sha256:${'0'.repeat(64)}`
const record: BakeRecord = {
  fingerprint: 'f'.repeat(64),
  run: '4711-1-2b4a@octo-org/vllm',
  model: 'owner/name',
  commit: 'c'.repeat(40),
  modelPath: modelPath('owner/name', 'c'.repeat(40)),
  images: [
    { name: 'docker.io/vllm/vllm-openai', tag: 'v0.11.0', digest },
    { name: 'public.ecr.aws/a/b', tag: undefined, digest },
  ],
  architecture: 'arm64',
  bottlerocket: '1.69.0',
  kubernetes: '1.34',
  containerd: '2.3.1',
  verified: undefined,
  rejected: undefined,
}

test('a record is written as tags, each of which can be read by itself', () => {
  expect(writeRecord(record)).toEqual({
    'prebake:run': '4711-1-2b4a@octo-org/vllm',
    'prebake:fingerprint': 'f'.repeat(64),
    'prebake:model': 'owner/name',
    'prebake:revision': 'c'.repeat(40),
    'prebake:model-path': `/mnt/models/hf-cache/hub/models--owner--name/snapshots/${'c'.repeat(40)}`,
    'prebake:architecture': 'arm64',
    'prebake:bottlerocket': '1.69.0',
    'prebake:kubernetes': '1.34',
    'prebake:containerd': '2.3.1',
    'prebake:image-1': `docker.io/vllm/vllm-openai@${digest}`,
    'prebake:image-1-tag': 'v0.11.0',
    'prebake:image-2': `public.ecr.aws/a/b@${digest}`,
  })
})

test('what is written is read back, for any images, within what EC2 takes', () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,20}\.io(\/[a-z0-9._-]{1,60}){1,6}$/).filter((text) => text.length <= 255)
  const image = fc.record({ name, tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,127}$/), { nil: undefined }), digest: fc.constant(digest) })
  const verdict = fc.constantFrom(undefined, 'quick', 'full', 'failed')
  fc.assert(
    fc.property(fc.array(image, { maxLength: 12 }), verdict, (images, verified) => {
      const tags = writeRecord({ ...record, images, verified })
      for (const [key, value] of Object.entries(tags)) expect(tagProblem(key, value)).toBeUndefined()
      expect(readRecord(tags)).toEqual({ ...record, images, verified })
    }),
  )
})

test('the longest name of an image stands whole beside its digest', () => {
  const name = `ghcr.io/${'n'.repeat(247)}`
  const tags = writeRecord({ ...record, images: [{ name, tag: 'v1', digest }] })
  expect(tags['prebake:image-1']).toHaveLength(256)
  expect(tags['prebake:image-1']).toMatch(new RegExp(`@${digest}$`))
  expect(readRecord(tags)?.images).toEqual([{ name, tag: 'v1', digest }])
})

test('a model path that no tag holds is derived', () => {
  const model = `owner/${'m'.repeat(200)}`
  const path = modelPath(model, 'c0ffee')
  const tags = writeRecord({ ...record, model, commit: 'c0ffee', modelPath: path })
  expect(tags).not.toHaveProperty('prebake:model-path')
  expect(readRecord(tags)?.modelPath).toBe(path)
})

test('what no tag can hold is an error, not cut', () => {
  expect(() => writeRecord({ ...record, model: 'm'.repeat(257) })).toThrow('has a value of 257 characters; EC2 allows 256')
})

const old = {
  Name: 'prebake owner/name',
  'prebake:run': '4711-1-2b4a',
  'prebake:fingerprint': 'f',
  'prebake:model': 'owner/name',
  'prebake:revision': 'c0ffee',
  'prebake:architecture': 'x86_64',
  'prebake:bottlerocket': '1.57.0',
  'prebake:kubernetes': '1.34',
  'prebake:containerd': '2',
  'prebake:image-1': `docker.io/vllm/vllm-openai@${digest}`,
}

test('a snapshot of an older version is read: the path derived, the tag unknown', () => {
  expect(readRecord(old)).toMatchObject({
    modelPath: '/mnt/models/hf-cache/hub/models--owner--name/snapshots/c0ffee',
    images: [{ name: 'docker.io/vllm/vllm-openai', tag: undefined, digest }],
    containerd: '2',
    verified: undefined,
  })
})

test.each<[more: Record<string, string>, read: Partial<BakeRecord>]>([
  [{ 'prebake:architecture': 'arm64' }, { architecture: 'arm64' }],
  [{ 'prebake:architecture': 'riscv' }, { architecture: undefined }],
  [{ 'prebake:verified': 'failed' }, { verified: 'failed' }],
  [{ 'prebake:verified': 'perhaps' }, { verified: undefined }],
  [{ 'prebake:rejected': '2026-01-01' }, { rejected: '2026-01-01' }],
  [{ 'prebake:containerd': '' }, { containerd: undefined }],
  [{ 'prebake:image-1': 'no digest' }, { images: [] }],
  [
    { 'prebake:image-10': `b@${digest}`, 'prebake:image-2': `a@${digest}` },
    { images: ['docker.io/vllm/vllm-openai', 'a', 'b'].map((name) => ({ name, tag: undefined, digest })) },
  ],
])('the tags %j are read as %j', (more, read) => expect(readRecord({ ...old, ...more })).toMatchObject(read))

test('a snapshot without a fingerprint is none of ours', () => {
  expect(readRecord({ Name: 'backup', 'prebake:model': 'owner/name' })).toBeUndefined()
})

test('what is left to the user leaves room for a name, the verdicts, and a tag to come', () => {
  const ours = Object.keys(writeRecord(record)).length
  expect(tagsLeft(record.images)).toBe(50 - ours - 4)
  const image = { name: 'ghcr.io/a/b', tag: 'v1' }
  expect(tagsLeft([image]) - tagsLeft([image, image])).toBe(2)
  expect(tagsLeft([]) - tagsLeft([{ name: 'n'.repeat(255), tag: undefined }])).toBe(2)
})
