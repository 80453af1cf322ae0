import { expect, test } from '@jest/globals'
import { hydratedShare, readTime } from '../src/read-time.ts'
import { learnCpuFactor, limitsOf, predictStart, type Setting, type StartupSetup } from '../src/index.ts'
import { seed, setup, shipped } from './setups.ts'

const read = (one: Partial<Setting>, gigabytes: number, more: Partial<StartupSetup> = {}, size: 'mmap' | 'stream' = 'stream') =>
  readTime(
    { setting: { ...shipped, ...one }, setup: { ...setup, ...more }, filledFrom: undefined, snapshotGB: 40 },
    gigabytes,
    0,
    size,
    'expected',
  )

test.each<[string, Partial<Setting>, Partial<StartupSetup>, 'mmap' | 'stream', number, string]>([
  // 14.5 GB / 131 MB/s: the guide's 125 MiB/s.
  ['the volume', { throughputMiBps: 125 }, {}, 'stream', 14.5 / 0.131072, 'volume'],
  // g5.4xlarge: 4,750 Mbps are 594 MB/s (facts: "14.5 GB floor 24.4 s").
  ['the instance', { throughputMiBps: 1000, iops: 4000 }, { ebsMBps: 593.75 }, 'stream', 24.4, 'instance'],
  // 3,000 reads of 128 KiB: 375 MiB/s.
  ['IOPS × size of a read', { throughputMiBps: 600 }, {}, 'mmap', 14.5 / 0.393216, 'IOPS'],
])('a full volume is read as fast as %s allows', (_title, setting, more, size, seconds, limit) => {
  const reading = read(setting, 14.5, more, size)
  expect(reading.seconds).toBeCloseTo(seconds, 0)
  expect(reading.limit).toContain(limit)
})

test('a provisioned rate fills the volume from its creation on, beside the boot', () => {
  const volume = { setting: shipped, setup, filledFrom: 5, snapshotGB: 14.5 }
  expect(hydratedShare(volume, 5)).toBe(0)
  // 45 s at 300 MiB/s are 14.2 GB: nearly all of the weights (facts, "Budget for 30-60 s").
  expect(hydratedShare(volume, 50)).toBeCloseTo(0.976, 2)
  expect(hydratedShare(volume, 500)).toBe(1)
  expect(hydratedShare({ ...volume, setting: seed }, 500)).toBe(0)
})

const expectedOf = (one: Setting, more: Partial<StartupSetup> = {}) => predictStart({ ...setup, ...more }, one)
const phase = (one: Setting, id: string, more: Partial<StartupSetup> = {}) => expectedOf(one, more).phases.find((each) => each.id === id)

test('each phase is within its range, and the phases add up', () => {
  for (const setting of [
    seed,
    shipped,
    { ...shipped, bake: 'model' as const },
    { ...shipped, bake: 'none' as const, hydration: { kind: 'lazy' as const } },
  ]) {
    const { phases, podSeconds } = expectedOf(setting)
    for (const { seconds } of phases)
      expect([seconds.best, seconds.expected, seconds.worst]).toEqual(
        [seconds.best, seconds.expected, seconds.worst].toSorted((a, b) => a - b),
      )
    expect(phases.reduce((sum, { seconds }) => sum + seconds.expected, 0)).toBeCloseTo(podSeconds.expected)
  }
})

test('what is baked decides which phases are there', () => {
  expect(phase(shipped, 'image')?.seconds.expected).toBe(0)
  expect(phase({ ...shipped, bake: 'model' }, 'image')?.seconds.expected).toBeCloseTo(39.3, 0)
  expect(phase({ ...shipped, bake: 'image' }, 'weights')?.limit).toContain('download')
  expect(phase(shipped, 'node', { newNodes: false })?.seconds.expected).toBe(0)
  expect(phase(shipped, 'compile', { compileCache: false })?.limit).toBe('no compile cache')
})

test('a large model at a rate starts faster where the image is pulled and the model alone fills the volume', () => {
  const large = { modelGB: 14.5, parametersBillions: 7 }
  expect(phase({ ...shipped, bake: 'model' }, 'weights', large)!.seconds.expected).toBeLessThan(
    phase(shipped, 'weights', large)!.seconds.expected,
  )
})

test('the last of many is later than one, and later than the credits allow it is lazy', () => {
  const { podSeconds, allSeconds } = expectedOf(shipped, { replicas: 5 })
  expect(allSeconds.expected).toBeGreaterThan(podSeconds.expected)
  expect(allSeconds.expected).toBeLessThan(podSeconds.worst)
  const fast = { ...shipped, hydration: { kind: 'fast-restore' } as const }
  // 150 GiB: six credits in each of three zones.
  expect(expectedOf(fast, { replicas: 18 }).warnings).toHaveLength(1)
  expect(expectedOf(fast, { replicas: 19 }).warnings).toHaveLength(2)
  expect(expectedOf(fast, { replicas: 19 }).allSeconds.expected).toBeGreaterThan(expectedOf(fast, { replicas: 18 }).allSeconds.expected + 5)
})

test('the probe adds half its period, and its initial delay is a floor', () => {
  expect(phase(shipped, 'probe', { probePeriodSeconds: 10 })?.seconds).toEqual({ best: 0, expected: 5, worst: 10 })
  expect(expectedOf(shipped, { probeInitialDelaySeconds: 600 }).containerSeconds.expected).toBeGreaterThanOrEqual(600)
})

test.each<[Partial<Setting>, Partial<StartupSetup>, number]>([
  [{}, {}, 0],
  [{ throughputMiBps: 1000 }, {}, 1],
  [{ throughputMiBps: 2500, iops: 10_000 }, {}, 1],
  [{ iops: 9000 }, { volumeGiB: 10 }, 1],
  [{ hydration: { kind: 'rate', mibps: 50 } }, {}, 1],
  [{}, { replicas: 16 }, 0],
  [{}, { replicas: 17 }, 1],
  [{ bake: 'none' }, {}, 1],
])('limits of EBS: %j %j', (setting, more, count) => {
  expect(limitsOf({ ...setup, ...more }, { ...shipped, ...setting }).refused).toHaveLength(count)
})

test('a measured start teaches the CPU factor', () => {
  expect(learnCpuFactor({}, true)).toBeUndefined()
  expect(learnCpuFactor({ import: 16.8, profile: 4 }, true)?.expected).toBeCloseTo(2)
  // A compilation is 17 s more of the same work, and the profiling 8 s.
  expect(learnCpuFactor({ compile: 52.6, profile: 20 }, false)?.expected).toBeCloseTo(2)
  const learned = learnCpuFactor({ import: 16.8 }, true)!
  expect(expectedOf(shipped, { cpuFactor: learned }).podSeconds.expected).toBeGreaterThan(expectedOf(shipped).podSeconds.expected)
})
