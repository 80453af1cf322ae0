import { expect, test } from '@jest/globals'
import type { Reporter } from '@prebake/kernel'
import { measureScale } from '../src/measure/measure-scale.ts'
import type { ObservedObject, Workload } from '../src/ports/workload.ts'
import { buildTimelines } from '../src/timeline/build-timelines.ts'
import { trueCondition, type PodObject } from '../src/timeline/observed-objects.ts'
import { inMemoryWorkload } from './in-memory-workload.ts'
import { onNewNode, onOldNode } from './scale-scripts.ts'
import { steppingClock } from './stepping-clock.ts'

const signal = new AbortController().signal
const silent = { info() {}, progress() {}, warning() {} } as unknown as Reporter
const request = { deployment: 'vllm', namespace: 'default', from: 1, to: 3, timeoutMs: 300_000 }
/** From start to Ready of the last pod, in the script. */
const startedToReady = (onNewNode.steps.Ready ?? 0) - (onNewNode.steps.Started ?? 0)

const isReady = (object: ObservedObject) => trueCondition((object as PodObject).status?.conditions, 'Ready') !== undefined

/** Two new pods; the news that the last one has started comes so long after it was Ready. @returns how long the measurement went on after that, in seconds */
async function measure(lateSeconds: number, watched = true) {
  const clock = steppingClock(new Date('2026-01-01T12:00:00.250Z'))
  const late = { Started: startedToReady + lateSeconds }
  const inner = inMemoryWorkload(clock, [{ ...onNewNode, late }, onOldNode], 1)
  const workload: Workload = {
    ...inner,
    watch(query, until) {
      if (query.kind === 'Event' && !watched) throw new Error('forbidden')
      return inner.watch(query, until)
    },
  }
  const measurement = await measureScale(request, { workload, clock, reporter: silent }, signal)
  const readyAt = measurement.observations.findLast(({ kind, object }) => kind === 'Pod' && isReady(object))?.receivedAt
  return { measurement, seconds: (clock.now().getTime() - (readyAt?.getTime() ?? NaN)) / 1000 }
}

test('where all has arrived, the measurement ends with the last Ready pod', async () => {
  const { seconds, measurement } = await measure(-1)
  expect(seconds).toBeLessThanOrEqual(0.2)
  expect(measurement).toMatchObject({ timedOut: false, pods: expect.any(Array) })
})

test('an event that comes late is waited for, and is in the timeline', async () => {
  const { seconds, measurement } = await measure(2)
  expect(seconds).toBeGreaterThanOrEqual(2)
  expect(seconds).toBeLessThanOrEqual(2.3)
  const started = buildTimelines(measurement)[0]?.rows.find(({ phase }) => phase === 'container.create')
  expect(started?.source).toContain('event Started (name)')
})

test.each([
  ['never comes', Infinity, true, 3],
  ['cannot be watched', 0, false, 0],
])('an event that %s is waited for no longer than it may take', async (_title, lateSeconds, watched, atLeast) => {
  const { seconds } = await measure(lateSeconds, watched)
  expect(seconds).toBeGreaterThanOrEqual(atLeast)
  expect(seconds).toBeLessThanOrEqual(atLeast + 0.3)
})

test('why pods are not Ready at the limit is asked while they are there', async () => {
  const clock = steppingClock(new Date('2026-01-01T12:00:00.250Z'))
  const { Ready: _, ...never } = onOldNode.steps
  const workload = inMemoryWorkload(clock, [onOldNode, { ...onOldNode, steps: never }], 1)
  const trouble = { code: 'no-capacity', lines: ['1. No capacity.'], markdown: '## Diagnosis' }
  const asked: unknown[] = []
  const explainTrouble = async (about: object) => {
    asked.push({ ...about, scaled: [...workload.scaled] })
    return trouble
  }
  const measurement = await measureScale(request, { workload, clock, reporter: silent, explainTrouble }, signal)
  expect(measurement).toMatchObject({ timedOut: true, trouble })
  expect(asked).toEqual([{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm', namespace: 'default', scaled: [1, 3] }])
})

test('replicas that are not Ready before the scale-up fail with the cause', async () => {
  const clock = steppingClock(new Date('2026-01-01T12:00:00.250Z'))
  const inner = inMemoryWorkload(clock, [], 1)
  const workload: Workload = {
    ...inner,
    async deployment(...args) {
      const found = await inner.deployment(...args)
      return found && { ...found, replicas: 1, readyReplicas: 0 }
    },
  }
  const explainTrouble = async () => ({ code: 'no-capacity', remedy: 'Allow more.', lines: [], markdown: '' })
  await expect(measureScale(request, { workload, clock, reporter: silent, explainTrouble }, signal)).rejects.toMatchObject({
    errorCode: 'start-replicas-timeout',
    hint: 'Allow more.',
    trouble: { code: 'no-capacity' },
  })
})
