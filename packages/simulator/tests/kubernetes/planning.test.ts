import fc from 'fast-check'
import { expect, test } from '@jest/globals'
import type { SimulatedClock } from '../../src/core/world.ts'
import { createAgenda } from '../../src/kubernetes/agenda.ts'
import { planRollout } from '../../src/kubernetes/controllers/plan-rollout.ts'
import { formatDuration, parseDuration, parseQuantity } from '../../src/kubernetes/quantity.ts'
import { nanosecondsOf, toMicros, toNanos, toSeconds } from '../../src/kubernetes/stamps.ts'
import { readSeconds } from '../../src/kubernetes/vllm/read-from-volume.ts'
import { readyAt } from '../../src/kubernetes/vllm/ready-at.ts'

const set = (replicas: number, availableReplicas: number) => ({ spec: { replicas }, status: { replicas, availableReplicas } }) as never
const rolling = (replicas: number, maxSurge: number | string, maxUnavailable: number | string) => ({
  replicas,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
})

test.each([
  ['nothing old: straight to the number', rolling(3, 1, 0), [0, 0], undefined, [3]],
  ['up by the surge first', rolling(1, 1, 0), [0, 0], [1, 1], [1]],
  ['the old one stays while the new one is not available', rolling(1, 1, 0), [1, 0], [1, 1], [1, 1]],
  ['and goes when it is', rolling(1, 1, 0), [1, 1], [1, 1], [1, 0]],
  ['percentages', rolling(4, '25%', '25%'), [0, 0], [4, 4], [1]],
  ['but not while new ones are not ready either', rolling(2, 1, 0), [1, 0], [2, 0], [1, 2]],
  ['what was never ready goes first', rolling(3, 1, 1), [2, 2], [2, 0], [2, 0]],
])('rollout: %s', (_, spec, current, old, expected) => {
  const plan = planRollout(spec, set(current[0] ?? 0, current[1] ?? 0), old ? [set(old[0] ?? 0, old[1] ?? 0)] : [])
  expect(plan.map(([, replicas]) => replicas)).toEqual(expected)
})

test('rollout: never above the surge, and never below what must be available', () => {
  const small = fc.integer({ min: 0, max: 6 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      small,
      small,
      small,
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 2 }),
      (replicas, fresh, old, bad, surge, unavailable) => {
        const spec = rolling(replicas, surge, unavailable)
        const [newSize, oldSize] = [Math.min(fresh, replicas), old]
        const allowed = surge === 0 && unavailable === 0 ? 1 : unavailable
        const [newAvailable, oldAvailable] = [Math.max(0, newSize - bad), oldSize]
        const plan = planRollout(spec, set(newSize, newAvailable), [set(oldSize, oldAvailable)])
        const newAfter = plan[0]?.[1] ?? 0
        const oldAfter = plan[1]?.[1] ?? oldSize
        const highest = oldSize > 0 ? Math.max(newSize, replicas + surge - oldSize) : replicas
        const lowest = oldAfter < oldSize ? Math.min(replicas - allowed, newAvailable + oldAvailable) : 0
        expect(newAfter).toBeLessThanOrEqual(highest)
        expect(newAvailable + oldAfter).toBeGreaterThanOrEqual(lowest)
        expect(oldAfter).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})

test('quantities, durations and stamps', () => {
  expect(['16Gi', '500m', 4, '1G', 'x'].map(parseQuantity)).toEqual([16 * 2 ** 30, 0.5, 4, 1e9, 0])
  expect([parseDuration('1m30s'), parseDuration('0s'), parseDuration('Never')]).toEqual([90, 0, undefined])
  expect([0.812, 27.88, 154.204].map(formatDuration)).toEqual(['812ms', '27.88s', '2m34.204s'])
  const at = Date.parse('2026-01-02T03:04:05.678Z') + 0.25
  expect([toSeconds(at), toMicros(at), toNanos(at)]).toEqual([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.678250Z',
    '2026-01-02T03:04:05.678250000Z',
  ])
  expect(nanosecondsOf(at)).toBe(BigInt(Date.parse('2026-01-02T03:04:05.678Z')) * 1_000_000n + 250_000n)
})

const disk = { bytesPerSecond: 500e6, attachedAt: 0 }

test.each([
  ['no snapshot: at the speed of the disk', { ...disk, fromSnapshot: false, initializationBytesPerSecond: undefined }, 0, 8],
  ['no rate: every block is fetched', { ...disk, fromSnapshot: true, initializationBytesPerSecond: undefined }, 1e6, 40],
  ['half filled', { ...disk, fromSnapshot: true, initializationBytesPerSecond: 300e6 }, 40, 0.5 * 8 + 0.5 * 40],
  ['filled long since', { ...disk, fromSnapshot: true, initializationBytesPerSecond: 300e6 }, 1000, 8],
  ['a disk slower than the fetch', { ...disk, bytesPerSecond: 50e6, fromSnapshot: true, initializationBytesPerSecond: undefined }, 0, 80],
])('reading 4 GB of 24: %s', (_, volume, seconds, expected) => {
  expect(readSeconds(volume, { bytes: 4e9, baked: 24e9, at: seconds * 1000 })).toBeCloseTo(expected, 6)
})

test.each([
  ['the startup probe decides', { startupProbe: { periodSeconds: 2 }, readinessProbe: { periodSeconds: 5 } }, 61.2, 62],
  ['exactly on a probe', { startupProbe: { periodSeconds: 2 } }, 60, 60],
  ['its delay is a floor', { startupProbe: { initialDelaySeconds: 30, periodSeconds: 10 } }, 5, 30],
  ['readiness alone, with its default period', { readinessProbe: {} }, 61, 70],
  ['no probe at all', {}, 61, 0],
])('ready: %s', (_, container, serving, expected) => {
  expect(readyAt(container, 0, serving * 1000) / 1000).toBe(expected)
})

test('what is planned runs in its order and at its time, however late the timer', () => {
  let now = 0
  const agenda = createAgenda({
    rate: 1,
    now: () => new Date(now),
    realMs: () => 1e6,
    sleep: () => Promise.resolve(),
  } as unknown as SimulatedClock)
  const seen: [string, number][] = []
  agenda.after(20, () => seen.push(['second', agenda.now()]))
  agenda.after(10, () => {
    seen.push(['first', agenda.now()])
    agenda.after(5, () => seen.push(['planned by the first', agenda.now()]))
  })
  agenda.soon('once', 30, () => seen.push(['once', agenda.now()]))
  agenda.soon('once', 1, () => seen.push(['twice', agenda.now()]))
  now = 60_000
  agenda.catchUp()
  agenda.stop()
  expect(seen).toEqual([
    ['first', 10_000],
    ['planned by the first', 15_000],
    ['second', 20_000],
    ['once', 30_000],
  ])
})

test('what plans itself again for the same moment is told, and does not hang', () => {
  const agenda = createAgenda({
    rate: 1,
    now: () => new Date(60_000),
    realMs: () => 1e6,
    sleep: () => Promise.resolve(),
  } as unknown as SimulatedClock)
  const again = () => agenda.after(0, again)
  agenda.after(0, again)
  expect(() => agenda.catchUp()).toThrow('the same moment again and again')
  agenda.stop()
})
