import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'

const read = (env: Record<string, string>) => asStep(env, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('all problems are reported at once', () => {
  const wrong = {
    INPUT_DEPLOYMENT: 'deployment/vllm',
    INPUT_NAMESPACE: 'A',
    'INPUT_FAIL-ON-FINDINGS': 'maybe',
    INPUT_DEPLOIMENT: 'x',
    'INPUT_CLUSTER-NAME': 'a',
    INPUT_KUBECONFIG: 'b',
  }
  const problems = ['deployment', 'namespace', 'fail-on-findings', 'cluster-name', 'deploiment'].map((input) =>
    expect.objectContaining({ input }),
  )
  expect(() => read(wrong)).toThrow(expect.objectContaining({ problems }))
})
