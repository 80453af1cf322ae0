import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'
import { readBaseline } from '../src/read-baseline.ts'

const read = (env: Record<string, string>) => asStep(env, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('the defaults are complete', () => {
  expect(read({})).toEqual({
    candidate: 'isolated',
    manifests: ['deploy/vllm'],
    baselineManifests: [],
    variables: {},
    runs: 1,
    cold: undefined,
    prompt: 'The capital of France is',
    deployment: 'vllm',
    namespace: 'default',
    kubeconfig: undefined,
    from: 1,
    to: 5,
    timeout: 1_800_000,
    snapshotId: undefined,
    baseline: undefined,
    regressionThreshold: 10,
    failOnRegression: false,
    comment: true,
    githubToken: undefined,
    pullRequest: undefined,
  })
})

test.each([
  [{ INPUT_FROM: '5' }, '`to`: 5 is not more than `from` (5)'],
  [{ INPUT_DEPLOYMENT: 'deployment/vllm' }, '`deployment`: `deployment/vllm` is not the name'],
  [{ INPUT_BASELINE: 'a.json', INPUT_CONTROL: 'a.json' }, '`control`: is the former name of `baseline`, which is given too'],
  [{ 'INPUT_PULL-REQUEST': '0' }, '`pull-request`: 0 is out of range'],
  [{ 'INPUT_SNAPSHOT-ID': 'latest' }, '`snapshot-id`: `latest` is not a snapshot ID'],
])('%j is refused', (env, words) => {
  expect(() => read(env as Record<string, string>)).toThrow(words)
})

test('a baseline of manifests has no place beside a Deployment that is scaled itself', () => {
  const both = () => read({ INPUT_CANDIDATE: 'in-place', 'INPUT_BASELINE-MANIFESTS': 'main/deploy' })
  expect(both).toThrow(expect.objectContaining({ errorCode: 'mode-mismatch' }))
})

test('two names of one input', () => {
  const both = () => read({ INPUT_BASELINE: 'a.json', INPUT_CONTROL: 'a.json' })
  expect(both).toThrow(expect.objectContaining({ errorCode: 'baseline-given-twice' }))
})

test('a baseline that is not a report, or outside', async () => {
  for (const file of ['/etc/passwd', 'package.json'])
    await expect(readBaseline(file, {})).rejects.toMatchObject({ errorCode: 'baseline-unusable' })
})
