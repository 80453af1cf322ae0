import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  breakEven,
  costsOf,
  findCheapest,
  limitsOf,
  nextSteps,
  planStartup,
  plannerReport,
  predictStart,
  renderPlan,
  settingGrid,
  type Setting,
} from '../src/index.ts'
import { expectedSeconds } from '../src/predict-start.ts'
import { prices, seed, setup, shipped } from './setups.ts'

const monthly = (setting: Setting, one = setup) => costsOf(one, setting, expectedSeconds(one, setting), prices).monthly

test('no other setting of the grid is cheaper and meets the target: the search is exact', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 140 }),
      fc.constantFrom(4.2, 14.5, 60),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 20 }),
      (target, modelGB, startsPerDay, replicas) => {
        const one = { ...setup, modelGB, startsPerDay, replicas }
        const { cheapest, fastest } = findCheapest(one, shipped, target, prices)
        const least = expectedSeconds(one, fastest)
        let best = Infinity
        for (const setting of settingGrid(one, shipped)) {
          const seconds = expectedSeconds(one, setting)
          if (seconds < least - 1e-6) throw new Error('A setting is faster than the fastest.')
          if (seconds <= target) best = Math.min(best, monthly(setting, one))
        }
        expect(cheapest === undefined ? Infinity : monthly(cheapest, one)).toBeCloseTo(best, 6)
        expect(cheapest === undefined ? 0 : expectedSeconds(one, cheapest)).toBeLessThanOrEqual(target)
        expect(limitsOf(one, cheapest ?? fastest).refused).toEqual([])
      },
    ),
    { numRuns: 8 },
  )
})

test('the expectation of the search is that of the prediction', () => {
  for (const setting of [seed, shipped])
    for (const replicas of [1, 5])
      expect(expectedSeconds({ ...setup, replicas }, setting)).toBeCloseTo(
        predictStart({ ...setup, replicas }, setting).allSeconds.expected,
      )
})

test('a faster target never costs less', () => {
  const costs = [60, 80, 100, 120, 140].map((target) => {
    const { cheapest } = findCheapest(setup, shipped, target, prices)
    return cheapest === undefined ? Infinity : monthly(cheapest)
  })
  expect(costs).toEqual(costs.toSorted((a, b) => b - a))
})

test('a target that no setting meets is said to be out of reach, with what would have to change', () => {
  const plan = planStartup({ setup, setting: shipped, targetSeconds: 30, prices })
  expect(plan.search?.cheapest).toBeUndefined()
  expect(plan.search?.missing.join('\n')).toContain('a node that is already there')
  expect(renderPlan(plan)).toContain('is Ready within 30 s')
  expect(plannerReport(plan).search).toMatchObject({ cheapest: null })
})

test('each next step gains seconds, and is what the change itself predicts', () => {
  const lazy = { ...seed, throughputMiBps: 600 }
  const steps = nextSteps(setup, lazy, prices)
  const rate = steps.find(({ title }) => title.startsWith('volumeInitializationRate'))
  const changed = { ...lazy, hydration: { kind: 'rate', mibps: 300 } } as const
  expect(rate?.gainedSeconds).toBeCloseTo(expectedSeconds(setup, lazy) - expectedSeconds(setup, changed))
  expect(rate?.addedMonthly).toBeCloseTo(monthly(changed) - monthly(lazy))
  expect(steps.every(({ gainedSeconds }) => gainedSeconds > 0)).toBe(true)
})

test('the prices of the facts: a launch at 300 MiB/s of 30 GiB, and three zones of Fast Snapshot Restore', () => {
  const thirty = { ...setup, modelGB: (30 * 2 ** 30) / 1e9 }
  const model = { ...shipped, bake: 'model' as const, throughputMiBps: 125 }
  expect(costsOf(thirty, model, 0, prices).perStart).toBeCloseTo(0.108, 3)
  const fast = { ...model, hydration: { kind: 'fast-restore' } as const }
  // $1,642.50 for 730 hours; the facts' $1,620 are for 720.
  expect(costsOf(thirty, fast, 0, prices).fixedMonthly - costsOf(thirty, model, 0, prices).fixedMonthly).toBeCloseTo(1642.5)
})

test('the guide’s $6 and two to three days: its assumptions give them, and ours give others', () => {
  // 150 GiB at $0.04, all of it stored; ten starts a day on a g5.xlarge ($1.006), each 13 minutes shorter.
  const guide = { fixed: 150 * 0.04, savedPerStart: (13 / 60) * 1.006 }
  expect(guide.fixed).toBeCloseTo(6)
  expect(guide.fixed / guide.savedPerStart / 10).toBeCloseTo(2.75, 1)
  // Without a rate and more throughput a start costs nothing, and a snapshot is soon paid for.
  expect(breakEven(setup, seed, prices).startsPerMonth).toBeLessThan(60)
  // With them, a start of a small model saves minutes, not money: its volume costs more than a GPU that waits.
  const ours = breakEven(setup, shipped, prices)
  expect(ours.savedSecondsPerStart).toBeGreaterThan(200)
  expect(ours.startsPerMonth).toBeUndefined()
})

test('of a snapshot that is there, what lies in it is not searched for', () => {
  const plan = (isBaked: boolean) =>
    planStartup({ setup: { ...setup, replicas: 4, zones: 1 }, setting: shipped, targetSeconds: 400, prices, isBaked }).search?.cheapest
      ?.setting.bake
  expect(plan(false)).not.toBe('both')
  expect(plan(true)).toBe('both')
})
