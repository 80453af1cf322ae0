import { expect, test } from '@jest/globals'
import { findContradiction, modelPath, valuesOf, type BakeRecord, type SnapshotVariable } from '../src/index.ts'

const digest = `sha256:${'0'.repeat(64)}`
const other = `sha256:${'1'.repeat(64)}`
const server = { name: 'docker.io/vllm/vllm-openai', tag: 'v0.33.0', digest }
const commit = 'c'.repeat(40)
const record: BakeRecord = {
  fingerprint: 'f',
  run: undefined,
  model: 'owner/name',
  commit,
  modelPath: modelPath('owner/name', commit),
  images: [server],
  architecture: 'arm64',
  bottlerocket: '1.69.0',
  kubernetes: '1.35',
  containerd: '2.3.1',
  verified: 'quick',
  rejected: undefined,
}

test('everything that follows from a snapshot has a value', () => {
  expect(valuesOf(record, 150)).toEqual({
    MODEL: 'owner/name',
    MODEL_REVISION: commit,
    MODEL_PATH: modelPath('owner/name', commit),
    VLLM_IMAGE: `docker.io/vllm/vllm-openai@${digest}`,
    ARCHITECTURE: 'arm64',
    BOTTLEROCKET_VERSION: '1.69.0',
    VOLUME_SIZE: '150Gi',
  })
})

const sidecar = { name: 'docker.io/library/nginx', tag: '1', digest: other }
const second = { name: 'ghcr.io/me/my-vllm', tag: undefined, digest: other }

test.each<[title: string, images: BakeRecord['images'], image: string | undefined]>([
  ['none', [], undefined],
  ['the only one, whatever its name', [sidecar], `docker.io/library/nginx@${other}`],
  ['the one with vLLM in its name', [sidecar, server], `docker.io/vllm/vllm-openai@${digest}`],
  ['two that may be the server: none is guessed', [server, second], undefined],
  ['several without vLLM in their names: none is guessed', [sidecar, { ...sidecar, digest }], undefined],
])('the image: %s', (_title, images, image) => expect(valuesOf({ ...record, images }, 150).VLLM_IMAGE).toBe(image))

test('a snapshot of an image alone has no model', () => {
  const values = valuesOf({ ...record, model: undefined, commit: undefined, modelPath: undefined }, 20)
  expect(Object.keys(values)).toEqual(['VLLM_IMAGE', 'ARCHITECTURE', 'BOTTLEROCKET_VERSION', 'VOLUME_SIZE'])
})

const path = record.modelPath ?? ''
test.each<[name: SnapshotVariable, value: string, agrees: boolean]>([
  ['MODEL', 'owner/name', true],
  ['MODEL', 'owner/other', false],
  ['MODEL_REVISION', commit, true],
  ['MODEL_REVISION', 'ccccccc', true],
  ['MODEL_REVISION', 'c', false],
  ['MODEL_REVISION', 'd'.repeat(40), false],
  ['MODEL_PATH', path, true],
  ['MODEL_PATH', `${path}/`, true],
  ['MODEL_PATH', `${path}/model.gguf`, true],
  ['MODEL_PATH', 'owner/name', true],
  ['MODEL_PATH', `${path}c`, false],
  ['MODEL_PATH', modelPath('owner/name', 'd'.repeat(40)), false],
  ['MODEL_PATH', '/opt/model', false],
  ['VLLM_IMAGE', `docker.io/vllm/vllm-openai@${digest}`, true],
  ['VLLM_IMAGE', `vllm/vllm-openai@${digest}`, true],
  ['VLLM_IMAGE', `vllm/vllm-openai:v0.11.0@${digest}`, true],
  ['VLLM_IMAGE', 'index.docker.io/vllm/vllm-openai:v0.33.0', true],
  ['VLLM_IMAGE', 'vllm/vllm-openai:v0.11.0', false],
  ['VLLM_IMAGE', `vllm/vllm-openai@${other}`, false],
  ['VLLM_IMAGE', `ghcr.io/mirror/vllm-openai@${digest}`, false],
  ['VLLM_IMAGE', 'Not An Image', true],
  ['ARCHITECTURE', 'arm64', true],
  ['ARCHITECTURE', 'amd64', false],
  ['BOTTLEROCKET_VERSION', '1.70.0', true],
  ['VOLUME_SIZE', '300Gi', true],
])('%s=%s agrees with the snapshot: %s', (name, value, agrees) => {
  expect(findContradiction(name, value, record) === undefined).toBe(agrees)
})

test('a contradiction says what the snapshot has', () => {
  const images = [server, second]
  expect(findContradiction('VLLM_IMAGE', 'nginx:1', { ...record, images })).toBe(
    `docker.io/vllm/vllm-openai@${digest}, ghcr.io/me/my-vllm@${other}`,
  )
  expect(findContradiction('ARCHITECTURE', 'arm64', { ...record, architecture: 'x86_64' })).toBe('amd64')
})

test('what the record does not say contradicts nothing', () => {
  const bare = { ...record, model: undefined, commit: undefined, modelPath: undefined, images: [], architecture: undefined }
  const names: readonly SnapshotVariable[] = ['MODEL', 'MODEL_REVISION', 'MODEL_PATH', 'VLLM_IMAGE', 'ARCHITECTURE']
  expect(names.map((name) => findContradiction(name, 'anything', bare))).toEqual(names.map(() => undefined))
  const untagged = { ...record, images: [{ ...server, tag: undefined }] }
  expect(findContradiction('VLLM_IMAGE', 'vllm/vllm-openai:v0.11.0', untagged)).toBeUndefined()
})
