import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { compareWithActionYml } from '@prebake/action-kit/testing'
import { imageReferences, inputs, outputs } from '../src/inputs.ts'
import { tagRecord } from '../src/tag-inputs.ts'

const required = { 'INPUT_INSTANCE-PROFILE': 'prebake-builder' }
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join('\n')
const read = (env: Record<string, string>) => readInputs(inputs, { ...required, ...env }, () => undefined)

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
    { registry: 'docker.io', repository: 'vllm/vllm-openai', tag: 'v0.11.0', digest: undefined },
  ])
})

test('all that is wrong is told at once', () => {
  const wrong = () =>
    readInputs(
      inputs,
      {
        INPUT_MODEL: 'mistral',
        'INPUT_VOLUME-SIZE': 'big',
        INPUT_TIMEOUT: '1 hour',
        INPUT_INSTANCE_PROFILE: 'x',
        INPUT_ARCHITECTURE: 'x86',
      },
      () => undefined,
    )
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
  ['INPUT_TAGS', 'team', 'not a tag of yours'],
  ['INPUT_TAGS', 'prebake:run=x', 'not a tag of yours'],
  ['INPUT_TAGS', 'AWS:team=x', 'not a tag of yours'],
  ['INPUT_TAGS', 'team=ml\nteam=web', '`team` is given more than once'],
  ['INPUT_TAGS', `${'k'.repeat(129)}=v`, 'has a key of 129 characters; EC2 takes 128'],
  ['INPUT_TAGS', `team=${'v'.repeat(257)}`, 'has a value of 257 characters; EC2 takes 256'],
  ['INPUT_TAGS', numbered(60), '60 tags are too many: EC2 takes 50, and prebake’s own take 15. Give at most 35.'],
  ['INPUT_TAGS', numbered(36), 'Give at most 35.'],
  ['INPUT_IMAGES', Array.from({ length: 20 }, (_, index) => `ghcr.io/a/b${index}:v1`).join('\n'), '20 images are too many'],
])('%s = %j is refused', (name, value, words) => {
  expect(() => read({ [name]: value })).toThrow(words)
})

test.each([
  ['amd64', 'x86_64'],
  ['x86-64', 'x86_64'],
  ['X64', 'x86_64'],
  ['aarch64', 'arm64'],
  ['ARM64', 'arm64'],
])('architecture: %s is %s', (given, architecture) => expect(read({ INPUT_ARCHITECTURE: given })).toMatchObject({ architecture }))

test('as many tags as EC2 takes beside our own are taken, and a name besides', () => {
  expect(read({ INPUT_TAGS: `${numbered(35)}\nName=mistral` }).tags).toHaveLength(36)
})

test('tags keep what comes after the first equals sign', () => {
  expect(tagRecord(['team = ml', 'query=a=b'])).toEqual({ team: 'ml', query: 'a=b' })
})
