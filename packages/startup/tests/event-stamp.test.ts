import { expect, test } from '@jest/globals'
import { eventStamp } from '../src/timeline/event-stamp.ts'
import type { EventObject } from '../src/timeline/observed-objects.ts'
import { goDurationMs } from '../src/timeline/pod-marks.ts'

const ms = Date.UTC(2026, 0, 1, 12, 0, 5)
const name = `vllm-7d9f-abcde.${(BigInt(ms) * 1_000_000n + 123_456_789n).toString(16)}`

function event(metadataName: string, fields: Partial<EventObject>): EventObject {
  const metadata = { name: metadataName, uid: 'u', creationTimestamp: '2026-01-01T12:00:05Z' }
  return { apiVersion: 'v1', kind: 'Event', metadata, reason: 'Pulled', ...fields }
}

test.each<[string, EventObject, after: number, precision: number, source: string]>([
  ['nanoseconds in the name', event(name, { firstTimestamp: '2026-01-01T12:00:05Z' }), 123.456, 0, 'event Pulled (name)'],
  [
    'eventTime where the name has none',
    event('vllm.x', { eventTime: '2026-01-01T12:00:05.654321Z' }),
    654.321,
    0,
    'event Pulled (eventTime)',
  ],
  ['whole seconds at worst', event('vllm.x', { firstTimestamp: '2026-01-01T12:00:05Z' }), 0, 1000, 'event Pulled (firstTimestamp)'],
  ['events.k8s.io', event('vllm.x', { deprecatedFirstTimestamp: '2026-01-01T12:00:05Z' }), 0, 1000, 'event Pulled (firstTimestamp)'],
  [
    'a name that only looks like a time',
    event('vllm.17f0000000000000', { eventTime: '2026-01-01T12:00:05.5Z' }),
    500,
    0,
    'event Pulled (eventTime)',
  ],
])('%s', (_title, given, after, precision, source) => {
  const stamp = eventStamp(given, 'node')
  expect((stamp?.atMs ?? NaN) - ms).toBeCloseTo(after, 2)
  expect((stamp?.latestMs ?? NaN) - (stamp?.earliestMs ?? NaN)).toBe(precision)
  expect(stamp?.source).toBe(source)
})

test.each([
  ['27.88s', 27_880],
  ['1m2.5s', 62_500],
  ['870ms', 870],
  ['1h0m0s', 3_600_000],
  ['5 s', undefined],
  ['', undefined],
])('the duration %j', (text, duration) => {
  expect(goDurationMs(text)).toBe(duration)
})
