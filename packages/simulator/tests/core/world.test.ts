import { expect, test } from '@jest/globals'
import { measureSlowness } from '../../src/core/machine-speed.ts'
import { simulatedClock } from '../../src/core/world.ts'

test.each([1, 0.5])('a rate of %d is kept on any machine', (rate) => {
  expect(simulatedClock(rate).rate).toBe(rate)
})

test('a faster clock is slowed down by at most four times, and never below real time', () => {
  const { rate } = simulatedClock(600)
  expect(rate).toBeGreaterThanOrEqual(150)
  expect(rate).toBeLessThanOrEqual(600)
  expect(simulatedClock(1.01).rate).toBeGreaterThanOrEqual(1)
})

test('what the clock says it runs at is what it runs at', async () => {
  const clock = simulatedClock(600)
  const [simulated, real] = [clock.now().getTime(), Date.now()]
  await clock.sleep(60)
  const passed = Date.now() - real
  expect(passed).toBeGreaterThanOrEqual(clock.realMs(60) - 2)
  expect((clock.now().getTime() - simulated) / clock.rate).toBeGreaterThanOrEqual(passed - 2)
})

test('the slowness of a machine is a factor from 1 to 4', () => {
  const slowness = measureSlowness()
  expect(slowness).toBeGreaterThanOrEqual(1)
  expect(slowness).toBeLessThanOrEqual(4)
})
