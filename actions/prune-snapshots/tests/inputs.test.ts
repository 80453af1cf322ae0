import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'

const read = (env: Record<string, string>) => asStep({ 'INPUT_VARIABLE-TOKEN': 'ghs_x', ...env }, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('the defaults delete nothing', () => {
  expect(read({})).toMatchObject({
    keep: 3,
    olderThan: 14 * 86_400_000,
    dryRun: true,
    files: ['.'],
    ssmPath: '/',
    variableScope: 'repository',
  })
})

test.each<[Record<string, string>, string, string]>([
  [{ INPUT_KEEP: '0' }, 'keep', 'input-malformed'],
  [{ 'INPUT_OLDER-THAN': '14' }, 'older-than', 'input-malformed'],
  [{ 'INPUT_OLDER-THAN': '0d' }, 'older-than', 'input-malformed'],
  [{ INPUT_PROTECT: 'snap-0123456789abcdef0 snap-012' }, 'protect', 'input-malformed'],
  [{ 'INPUT_SSM-PATH': '//' }, 'ssm-path', 'input-malformed'],
  [{ 'INPUT_OLDER-THAN': '90m' }, 'older-than', 'input-malformed'],
  [{ 'INPUT_VARIABLE-TOKEN': '' }, 'variable-token', 'input-missing'],
  [{ INPUT_REPOSITORIES: 'vllm' }, 'repositories', 'input-malformed'],
  [{ 'INPUT_SSM-PATH': 'vllm' }, 'ssm-path', 'input-malformed'],
  [{ INPUT_PRICES: 'snapshot=1' }, 'prices', 'input-malformed'],
  [{ 'INPUT_CLUSTER-NAME': 'a', INPUT_KUBECONFIG: 'b' }, 'cluster-name', 'cluster-given-twice'],
])('%j is refused', (env, input, code) => {
  expect(() => read(env)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ input, code })] }))
})

test('all problems are reported at once', () => {
  const more = { 'INPUT_VARIABLE-TOKEN': '', INPUT_PRICES: 'x=1', INPUT_REPOSITORIES: 'vllm', INPUT_PROTECT: 'snap-1' }
  const wrong = { INPUT_KEEP: 'x', 'INPUT_OLDER-THAN': 'y', 'INPUT_DRY-RUN': 'z', INPUT_KEPP: '1', ...more }
  const problems = () => {
    try {
      read(wrong)
    } catch (error) {
      return (error as InputError).problems.map(({ input }) => input)
    }
    return []
  }
  expect(problems()).toEqual(['keep', 'older-than', 'dry-run', 'prices', 'protect', 'repositories', 'variable-token', 'kepp'])
})
