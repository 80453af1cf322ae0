import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { compareWithActionYml } from '@prebake/action-kit/testing'
import { imageReferences, inputs, outputs } from '../src/inputs.ts'
import { tagRecord } from '../src/tag-inputs.ts'

const required = { 'INPUT_INSTANCE-PROFILE': 'prebake-builder' }
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
])('%s = %j is refused', (name, value, words) => {
  expect(() => read({ [name]: value })).toThrow(words)
})

test('tags keep what comes after the first equals sign', () => {
  expect(tagRecord(['team = ml', 'query=a=b'])).toEqual({ team: 'ml', query: 'a=b' })
})
