import { expect, test } from '@jest/globals'
import { demoFaults } from '../demo/faults.ts'
import { readOptions } from '../demo/read-options.ts'

test('no option: a demo with a seed of its own', () => {
  expect(readOptions([])).toEqual({ timings: false, seed: expect.any(Number), fault: undefined })
})

test('a seed and a fault', () => {
  expect(readOptions(['--seed', '7', '--fault', 'no-model'])).toEqual({ timings: false, seed: 7, fault: demoFaults['no-model'] })
})

test('help lists the faults', () => {
  const { text, exitCode } = readOptions(['--help']) as { text: string; exitCode: number }
  expect(exitCode).toBe(0)
  for (const name of Object.keys(demoFaults)) expect(text).toContain(name)
})

test.each([['--sede', '7'], ['--seed', 'x'], ['--fault', 'nope'], ['--fault']])('%s %s is wrong, and help follows', (...args) => {
  expect(readOptions(args.filter(Boolean))).toEqual({ text: expect.stringContaining('npx pnpm@12 demo [options]'), exitCode: 2 })
})
