import { expect, test } from '@jest/globals'
import { parseGiB, parseQuantity } from '../src/index.ts'

test.each([
  ['500m', 0.5],
  ['16Gi', 2 ** 34],
  ['1e3', 1000],
  ['2.5G', 2.5e9],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1E', 1e18],
  ['2Ei', 2 ** 61],
  ['1E3', 1000],
  ['1e-3', 0.001],
  ['100u', 1e-4],
  ['5n', 5e-9],
  ['.5', 0.5],
  ['5.', 5],
  ['+3', 3],
  ['-1Ki', -1024],
  ['1e3Ki', undefined],
  ['1e', undefined],
  ['1K', undefined],
  ['.', undefined],
  ['', undefined],
  [' 1', undefined],
  [4, 4],
  ['100', 100],
  ['5 Gi', undefined],
  ['lots', undefined],
  ['1X', undefined],
  [Number.NaN, undefined],
  [{}, undefined],
])('the quantity %j is %j', (text, value) => expect(parseQuantity(text)).toBe(value))

test('a volume in GiB', () => {
  expect(parseGiB('150Gi')).toBe(150)
  expect(parseGiB('1Ti')).toBe(1024)
  expect(parseGiB(undefined)).toBeUndefined()
})
