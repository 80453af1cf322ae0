import { versions } from '@prebake/versions'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { imageReferences, inputs, outputs } from '../src/inputs.ts'

const required = { 'INPUT_INSTANCE-PROFILE': 'prebake-builder' }
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join('\n')
const read = (env: Record<string, string>) => asStep({ ...required, ...env }, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('the defaults are complete', () => {
  const given = read({})
  expect(given).toMatchObject({
    revision: 'main',
    volumeSize: 150,
    timeout: 3_600_000,
    verify: 'quick',
    rebuild: false,
    instanceType: undefined,
    subnetId: undefined,
  })
  expect(imageReferences(given.images)).toEqual([
    { registry: 'docker.io', repository: 'vllm/vllm-openai', tag: `v${versions.vllm}`, digest: undefined },
  ])
})

test('all problems are reported at once', () => {
  const given = {
    INPUT_MODEL: 'mistral',
    'INPUT_VOLUME-SIZE': 'big',
    INPUT_TIMEOUT: '1 hour',
    INPUT_INSTANCE_PROFILE: 'x',
    INPUT_ARCHITECTURE: 'x86',
  }
  const wrong = asStep(given, () => readInputs(inputs)).result
  for (const text of [
    '`model`',
    '`volume-size`',
    '`timeout`',
    '`architecture`',
    '`instance-profile`: is missing',
    'Did you mean `instance-profile`?',
  ]) {
    expect(wrong).toThrow(text)
  }
})

test.each([
  ['INPUT_IMAGES', 'vllm/vllm-openai:latest', 'latest'],
  ['INPUT_IMAGES', 'a/b:1\nNot/An/Image:1', 'not an image reference'],
  ['INPUT_KUBERNETES-VERSION', 'v1.34.2', 'not a minor version'],
  ['INPUT_BOTTLEROCKET-VERSION', 'newest', 'not `latest` or a release'],
  ['INPUT_SUBNET-ID', 'my-subnet', 'not a subnet ID'],
  ['INPUT_TAGS', 'team', 'the line that starts with `team` is not `key=value`'],
  ['INPUT_TAGS', 'prebake:run=x', 'the line that starts with `prebake` has a key that is not a tag of your own'],
  ['INPUT_TAGS', 'AWS:team=x', 'the line that starts with `AWS` has a key that is not a tag of your own'],
  ['INPUT_TAGS', 'team=ml\nteam=web', 'team is given twice'],
  ['INPUT_TAGS', `${'k'.repeat(129)}=v`, 'has a key of 129 characters; EC2 allows 128'],
  ['INPUT_TAGS', `team=${'v'.repeat(257)}`, 'has a value of 257 characters; EC2 allows 256'],
  ['INPUT_TAGS', numbered(60), '60 tags are too many: EC2 allows 50, and prebake uses 15 of them. Give at most 35.'],
  ['INPUT_TAGS', numbered(36), 'Give at most 35.'],
  ['INPUT_IMAGES', Array.from({ length: 20 }, (_, index) => `ghcr.io/a/b${index}:v1`).join('\n'), '20 images are too many'],
])('%s = %j is refused', (name, value, words) => {
  expect(() => read({ [name]: value })).toThrow(words)
})

test.each(['main', 'refs/pr/1', 'v0.2', 'feature/a+b', '9d5ba3c'])('revision: %s', (revision) => {
  expect(read({ INPUT_REVISION: revision })).toMatchObject({ revision })
})

test.each(['..', '../x', 'a/../b', '/etc', '-x', 'a//b', '.a', 'a/.b', 'a.', 'a/', 'a.lock', 'a b', 'a\nb'])(
  'no revision: %j',
  (revision) => {
    expect(() => read({ INPUT_REVISION: revision })).toThrow('is not a branch, tag or commit of the model')
  },
)

test.each([
  ['amd64', 'x86_64'],
  ['x86-64', 'x86_64'],
  ['X64', 'x86_64'],
  ['aarch64', 'arm64'],
  ['ARM64', 'arm64'],
])('architecture: %s is %s', (given, architecture) => expect(read({ INPUT_ARCHITECTURE: given })).toMatchObject({ architecture }))

test('as many tags as EC2 takes beside our own are taken, and a name besides', () => {
  expect(Object.keys(read({ INPUT_TAGS: `${numbered(35)}\nName=mistral` }).tags)).toHaveLength(36)
})

test('tags keep what comes after the first equals sign', () => {
  expect(read({ INPUT_TAGS: 'team = ml\nquery=a=b' }).tags).toEqual({ team: 'ml', query: 'a=b' })
})

test('of registry credentials the passwords are masked, and no JSON', () => {
  const auth = Buffer.from('octocat:hunter2').toString('base64')
  const credentials = JSON.stringify(
    { auths: { 'ghcr.io': { auth }, 'quay.io': { username: 'robot', password: 'swordfish' } } },
    undefined,
    2,
  )
  const { log } = asStep({ ...required, 'INPUT_REGISTRY-CREDENTIALS': credentials }, () => readInputs(inputs))
  expect(log).toBe(`::add-mask::${auth}\n::add-mask::swordfish\n::add-mask::hunter2\n`)
})

test.each([
  ['INPUT_IMAGES', 'vllm/vllm-openai:latest', 'image-reference-malformed'],
  ['INPUT_REGISTRY-CREDENTIALS', 'hunter2', 'registry-credentials-malformed'],
  ['INPUT_TAGS', `team=${'v'.repeat(257)}`, 'tag-malformed'],
  ['INPUT_TAGS', numbered(36), 'tags-too-many'],
  ['INPUT_HUB-ENDPOINT', 'http://hub.example.com', 'hub-endpoint-malformed'],
])('%s = %j: %s', (name, value, errorCode) => {
  expect(() => read({ [name]: value })).toThrow(expect.objectContaining({ errorCode }))
})
