import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'
import { planPrices, setupOf } from '../src/setup-of.ts'

const read = (env: Record<string, string>) => asStep({ 'INPUT_MODEL-GB': '14.5', ...env }, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('bandwidth and price are those of the instance type; a measured factor narrows the range', () => {
  expect(setupOf(read({}), 14.5)).toMatchObject({ ebsMBps: 625, parametersBillions: 7.25 })
  expect(setupOf(read({ 'INPUT_EBS-BANDWIDTH-MBPS': '8000' }), 14.5).ebsMBps).toBe(1000)
  expect(setupOf(read({ 'INPUT_CPU-FACTOR': '2' }), 14.5).cpuFactor).toEqual({ best: 1.7, expected: 2, worst: 2.3 })
  expect(planPrices(read({ 'INPUT_INSTANCE-TYPE': 'g5.xlarge' }))['instance-hour']).toBeCloseTo(1.006)
  expect(planPrices(read({ INPUT_PRICES: 'instance-hour=3' }))['instance-hour']).toBe(3)
})

test.each<[Record<string, string>, string, string]>([
  [{ 'INPUT_MODEL-GB': '' }, 'model-gb', 'plan-size-missing'],
  [{ 'INPUT_MODEL-GB': '0' }, 'model-gb', 'input-malformed'],
  [{ 'INPUT_INSTANCE-TYPE': 'g6.2xlage' }, 'instance-type', 'instance-type-not-known'],
  [{ INPUT_HYDRATION: '50' }, 'hydration', 'plan-refused-by-ebs'],
  [{ INPUT_HYDRATION: 'fast' }, 'hydration', 'input-malformed'],
  [{ 'INPUT_VOLUME-THROUGHPUT': '1000' }, 'hydration', 'plan-refused-by-ebs'],
  [{ INPUT_REPLICAS: '17' }, 'hydration', 'plan-refused-by-ebs'],
  [{ 'INPUT_MODEL-GB': '140' }, 'volume-size', 'plan-volume-too-small'],
  [{ 'INPUT_VOLUME-SIZE': '20' }, 'volume-size', 'plan-volume-too-small'],
  [{ INPUT_PRICES: 'instance-hour=free' }, 'prices', 'input-malformed'],
  [{ 'INPUT_MODEL-GB': '14,5' }, 'model-gb', 'input-malformed'],
  [{ INPUT_HYDRATION: '300MiB' }, 'hydration', 'input-malformed'],
  [{ INPUT_PRICES: 'instance=1' }, 'prices', 'input-malformed'],
])('%j is refused', (env, input, code) => {
  expect(() => read(env)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ input, code })] }))
})

test('all problems are reported at once', () => {
  const wrong = { 'INPUT_MODEL-GB': '', 'INPUT_INSTANCE-TYPE': 'm5.large', INPUT_PRICES: 'x=1', INPUT_REPLICAS: '17' }
  const inputsOf = ['model-gb', 'instance-type', 'prices', 'hydration'].map((input) => expect.objectContaining({ input }))
  expect(() => read(wrong)).toThrow(expect.objectContaining({ problems: inputsOf }))
})

test('a malformed input hides no other problem, and nothing that follows from it', () => {
  const wrong = { 'INPUT_MODEL-GB': 'abc', 'INPUT_INSTANCE-TYPE': 'm5.large', INPUT_PRICES: 'x=1', INPUT_ZONES: '-1' }
  const inputsOf = ['model-gb', 'zones', 'instance-type', 'prices'].map((input) => expect.objectContaining({ input }))
  expect(() => read(wrong)).toThrow(expect.objectContaining({ problems: inputsOf }))
})
