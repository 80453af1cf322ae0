import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'

test('action.yml declares the same inputs and outputs', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})
