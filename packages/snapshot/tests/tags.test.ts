import { expect, test } from '@jest/globals'
import { readRecord } from '@prebake/snapshot-record'
import type { BuildRequest } from '../src/index.ts'
import type { BuildPlan } from '../src/resolve-plan.ts'
import { builderTags, snapshotTags } from '../src/tags.ts'

const digest = `sha256:${'0'.repeat(64)}`
const request = {
  runToken: '4711-1-x@o/r',
  model: 'owner/name',
  kubernetesVersion: '1.34',
  tags: { team: 'ml' },
} as unknown as BuildRequest
const plan = {
  fingerprint: 'f',
  machineImage: { amiId: 'ami-1', bottlerocketVersion: '1.69.0' },
  recipe: {
    model: 'owner/name',
    commit: 'c0ffee',
    images: [{ name: 'docker.io/a/b', tag: 'v1', digest, compressedBytes: 1 }],
    architecture: 'x86_64',
  },
} as unknown as BuildPlan
const ends = new Date('2026-11-29T14:00:00Z')

test('a builder says whose it is, what it does, for whom, and when its time is over', () => {
  expect(builderTags('bake', ends, request, plan)).toEqual({
    Name: 'prebake bake owner/name',
    team: 'ml',
    'prebake:run': '4711-1-x@o/r',
    'prebake:purpose': 'bake',
    'prebake:fingerprint': 'f',
    'prebake:bottlerocket': '1.69.0',
    'prebake:kubernetes': '1.34',
    'prebake:ends': '2026-11-29T14:00:00.000Z',
  })
})

test('a snapshot says what lies on it, and which containerd really wrote it', () => {
  const tags = snapshotTags(request, plan, 'v2.3.1+bottlerocket')
  expect(tags).toMatchObject({ Name: 'prebake owner/name', team: 'ml', 'prebake:containerd': '2.3.1' })
  expect(readRecord(tags)).toMatchObject({
    run: '4711-1-x@o/r',
    modelPath: '/mnt/models/hf-cache/hub/models--owner--name/snapshots/c0ffee',
    images: [{ name: 'docker.io/a/b', tag: 'v1', digest }],
    bottlerocket: '1.69.0',
  })
})

test('the user may give both another name, and nothing else of ours', () => {
  const named = { ...request, tags: { Name: 'mistral', 'prebake:run': 'stolen' } }
  for (const tags of [builderTags('verify', ends, named, plan), snapshotTags(named, plan, '2.3.1')])
    expect(tags).toMatchObject({ Name: 'mistral', 'prebake:run': '4711-1-x@o/r' })
})
