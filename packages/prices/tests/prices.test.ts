import { expect, test } from '@jest/globals'
import { judgePrices, listPrices, pricesOf, snapshotMonthlyDollars, volumeMonthlyDollars } from '../src/index.ts'

test('a gp3 volume costs its size, and what is above the included performance', () => {
  const settings = { sizeGiB: 150, iops: 3000, throughputMiBps: 125 }
  expect(volumeMonthlyDollars(settings, listPrices)).toBeCloseTo(12)
  // The example of the pricing page: 1,000 MiB/s are 875 above, $35; 4,000 IOPS are 1,000 above, $5.
  expect(volumeMonthlyDollars({ ...settings, iops: 4000, throughputMiBps: 1000 }, listPrices)).toBeCloseTo(52)
})

test('a snapshot costs what it stores, at a price that may be given', () => {
  expect(snapshotMonthlyDollars(40, listPrices)).toBeCloseTo(2)
  expect(snapshotMonthlyDollars(40, pricesOf({ 'snapshot-gib-month': '0.1' }))).toBeCloseTo(4)
})

test('every wrong price is a problem, and a right one is none', () => {
  expect(judgePrices({ 'snapshot-gib-month': '0.05', 'instance-hour': '1' })).toEqual([])
  const problems = judgePrices({ 'snapshot-gib-mont': '0.05', 'gp3-gib-month': '$1', 'gp3-iops-month': '-1' })
  expect(problems.map(({ code, input }) => [code, input])).toEqual(Array.from({ length: 3 }, () => ['input-malformed', 'prices']))
  expect(problems[0]?.remedy).toContain('snapshot-gib-month')
})
