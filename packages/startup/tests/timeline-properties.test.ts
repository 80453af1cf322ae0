import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { buildReport } from '../src/report/build-report.ts'
import { estimateOffsets } from '../src/timeline/clock-offsets.ts'
import { buildTimelines } from '../src/timeline/build-timelines.ts'
import { between, drawnStart, playStart, showsSkew } from './drawn-start.ts'

const runs = { numRuns: 500 }
const toleranceMs = 50
const timelineOf = (measurement: Parameters<typeof buildTimelines>[0]) => buildTimelines(measurement, estimateOffsets(measurement))[0]

test('whatever the clocks and the news, the rows follow each other and add up to the wall time', () => {
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      const timeline = timelineOf(playStart(drawn).measurement)
      let reached = 0
      for (const { startMs, endMs } of timeline?.rows ?? []) {
        expect(startMs).toBeCloseTo(reached, 3)
        expect(endMs).toBeGreaterThanOrEqual(startMs)
        reached = endMs
      }
      expect(reached / 1000).toBeCloseTo(timeline?.wallSeconds ?? NaN, 6)
    }),
    runs,
  )
})

test('with clocks up to 5 s apart, each phase between two stamps finer than seconds is right within 50 ms', () => {
  let judged = 0
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      const { measurement, truth } = playStart(drawn)
      for (const { phase, seconds, source, clock, precisionMs } of timelineOf(measurement)?.rows ?? []) {
        const ends = between[phase]
        const isFine = source.split(' → ').every((end) => /\(name\)$|^log |^scale request$|^answer |by its receipt$/.test(end))
        if (ends === undefined || !isFine || (precisionMs > 1 && !source.includes('by its receipt'))) continue
        // Between two clocks a phase is known as well as their skew, which takes news in time.
        const crosses = clock.includes('→') || source.includes('by its receipt')
        const clocks = [clock.includes('control plane') && 'cp', clock.includes('node') && 'node'] as const
        if (crosses && clocks.some((each) => each !== false && !showsSkew(drawn, each))) continue
        judged += 1
        const trueMs = truth[ends[1]] - truth[ends[0]]
        if (Math.abs(seconds * 1000 - trueMs) > toleranceMs)
          throw new Error(`${phase}: ${seconds * 1000} ms, and really ${trueMs} ms (${source})`)
      }
    }),
    runs,
  )
  // That something was judged at all.
  expect(judged).toBeGreaterThan(1000)
})

test('a skew that is estimated is the real one, and is in the report', () => {
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      const { measurement } = playStart({ ...drawn, late: [], dropped: [] })
      const { clockSkews = [] } = buildReport(measurement, { simulated: false })
      for (const [clock, skew] of [
        ['control plane', drawn.skews.controlPlane],
        ['gpu-1', drawn.skews.node],
      ] as const) {
        const found = clockSkews.find((each) => each.clock === clock)?.seconds ?? 0
        expect(Math.abs(found * 1000 - skew)).toBeLessThanOrEqual(toleranceMs)
      }
    }),
    runs,
  )
})

test('the clocks of a simulation are one: nothing is corrected', () => {
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      expect(buildReport(playStart(drawn).measurement, { simulated: true })).not.toHaveProperty('clockSkews')
    }),
    { numRuns: 50 },
  )
})
