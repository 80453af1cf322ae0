import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'

const read = (env: Record<string, string>) =>
  asStep({ 'INPUT_SNAPSHOT-ID': 'snap-0123456789abcdef0', ...env }, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('a variable needs a token; without a variable none is asked for', () => {
  expect(() => read({})).toThrow('GITHUB_TOKEN cannot write variables')
  expect(read({ 'INPUT_VARIABLE-SCOPE': 'none' }).variableToken).toBeUndefined()
  expect(read({ 'INPUT_VARIABLE-TOKEN': 'ghs_x' })).toMatchObject({ variableName: 'VLLM_SNAPSHOT_ID', file: '.snapshot-id' })
})

test('a snapshot is needed, but not for a probe', () => {
  const token = { 'INPUT_VARIABLE-TOKEN': 'ghs_x', 'INPUT_SNAPSHOT-ID': '' }
  expect(() => read(token)).toThrow('`snapshot-id`: is missing')
  expect(read({ ...token, INPUT_PROBE: 'true' })).toMatchObject({ probe: true, snapshotId: undefined })
})

test.each([
  ['INPUT_SNAPSHOT-ID', 'vol-0123456789abcdef0'],
  ['INPUT_VARIABLE-NAME', 'GITHUB_X'],
  ['INPUT_VARIABLE-NAME', '1st'],
  ['INPUT_VARIABLE-SCOPE', 'planet'],
])('%s = %s is refused', (name, value) => {
  expect(() => read({ 'INPUT_VARIABLE-TOKEN': 'ghs_x', [name]: value })).toThrow(`\`${name.slice(6).toLowerCase()}\``)
})
