import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { LogSpan } from '../src/log/log-span.ts'
import { cutTimeline } from '../src/timeline/cut-timeline.ts'
import { exactStamp, markIds, secondStamp, type Mark, type MarkId } from '../src/timeline/mark.ts'
import type { StartFacts } from '../src/timeline/phase-between.ts'

const epoch = Date.UTC(2026, 0, 1)
const facts: StartFacts = { newNode: true, requestsGpu: true, hasInitContainers: false, restarted: false }
const anyFacts = fc.record({
  newNode: fc.boolean(),
  requestsGpu: fc.boolean(),
  hasInitContainers: fc.boolean(),
  restarted: fc.boolean(),
})

function exact(id: MarkId, seconds: number): Mark {
  return { id, ...exactStamp(epoch + seconds * 1000, 'node', id) }
}
function coarse(id: MarkId, seconds: number): Mark {
  return { id, ...secondStamp(epoch + Math.floor(seconds) * 1000, 'control plane', id) }
}
/** A whole second whose news came within it. */
function received(id: MarkId, seconds: number): Mark {
  return { ...coarse(id, seconds), atMs: epoch + seconds * 1000 }
}

/** Any marks: some missing, in any order, out of order, of any precision. */
const anyMarks = fc
  .shuffledSubarray([...markIds])
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({ at: fc.double({ min: 0, max: 900, noNaN: true }), kind: fc.constantFrom(exact, coarse, received) })
          .map(({ at, kind }) => kind(id, at)),
      ),
    ),
  )

test('rows follow each other without gap, overlap or negative length, and add up to the wall time', () => {
  fc.assert(
    fc.property(anyMarks, anyFacts, (marks, some) => {
      const { rows, wallSeconds } = cutTimeline(marks, some)
      expect(Math.abs(rows.reduce((sum, row) => sum + row.seconds, 0) - wallSeconds)).toBeLessThan(1e-6)
      let end = 0
      for (const row of rows) {
        expect(row.startMs).toBe(end)
        expect(row.endMs).toBeGreaterThanOrEqual(row.startMs)
        end = row.endMs
      }
      expect(end / 1000).toBe(wallSeconds)
    }),
  )
})

test('every mark either stands in the timeline, where its stamp allows, or is reported as dropped', () => {
  fc.assert(
    fc.property(anyMarks, (marks) => {
      const { dropped, at } = cutTimeline(marks, facts)
      for (const { id, earliestMs, latestMs } of marks) {
        const placed = at(id)
        expect(placed === undefined).toBe(dropped.some(({ mark }) => mark === id))
        if (placed === undefined) continue
        expect(placed).toBeGreaterThanOrEqual(earliestMs)
        expect(placed).toBeLessThanOrEqual(latestMs)
      }
    }),
  )
})

test('stamps that are true are all kept, however coarse', () => {
  const truth = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 5000 }), whole: fc.boolean() }), {
    minLength: markIds.length,
    maxLength: markIds.length,
  })
  fc.assert(
    fc.property(truth, (steps) => {
      let ms = 0
      const marks = steps.map(({ gap, whole }, index) => {
        ms += gap
        const id = markIds[index] ?? 'ready'
        return whole ? coarse(id, ms / 1000) : exact(id, ms / 1000)
      })
      expect(cutTimeline(marks, facts).dropped).toEqual([])
    }),
  )
})

test.each<[string, Partial<StartFacts>, MarkId, string]>([
  ['of a container that runs and logs nothing, Python imports', {}, 'started', 'python.import'],
  ['of one that ended early, the next run is awaited', { restarted: true }, 'started', 'container.restart'],
  ['of one that runs again, Python imports', { restarted: true }, 'restarted', 'python.import'],
  ['nothing is known', {}, 'initialized', 'init'],
])('the phase under way: %s', (_title, some, reached, phase) => {
  const { lastPhase } = cutTimeline([exact('pod.created', 0), exact(reached, 2), exact('observed.end', 60)], { ...facts, ...some })
  expect(lastPhase).toBe(phase)
})

test('a stamp out of order is dropped and reported; the finer of two is kept', () => {
  const marks = [exact('pod.created', 0), coarse('bound', 9), exact('started', 5), exact('ready', 20)]
  const { rows, dropped, wallSeconds } = cutTimeline(marks, facts)
  expect(dropped).toEqual([{ mark: 'bound', at: '2026-01-01T00:00:09.000Z', source: 'bound' }])
  expect(rows.map(({ phase, seconds }) => [phase, seconds])).toEqual([
    ['unattributed', 5],
    ['unattributed', 15],
  ])
  expect(wallSeconds).toBe(20)
})

test('creation and end of the span outweigh whatever contradicts them', () => {
  const late = markIds.slice(3, -2).map((id) => exact(id, 50))
  const { dropped, wallSeconds } = cutTimeline([exact('pod.created', 0), ...late, exact('ready', 20)], facts)
  expect(wallSeconds).toBe(20)
  expect(dropped).toHaveLength(late.length)
})

test('a whole second gives way to what is known better, within that second only', () => {
  // Bound at 5.4 by its event; the kubelet stamps its acceptance, truly at 5.6, as 5.
  const marks = [exact('pod.created', 0), exact('bound', 5.4), coarse('accepted', 5), exact('pulling', 6), exact('ready', 9)]
  const { rows, dropped } = cutTimeline(marks, { ...facts, newNode: false })
  expect(dropped).toEqual([])
  expect(rows.map(({ phase, seconds, precisionMs }) => [phase, seconds, precisionMs])).toEqual([
    ['pod.bind', 5.4, 0.001],
    ['kubelet.accept', 0, 1000],
    ['sandbox', 0.6, 1000],
    ['unattributed', 3, 0.001],
  ])
})

test.each<[string, Partial<StartFacts>, MarkId, MarkId, string]>([
  ['on a node that was there, waiting is binding', { newNode: false }, 'pod.created', 'bound', 'pod.bind'],
  ['on a new node without a signal it is not', {}, 'pod.created', 'bound', 'unattributed'],
  ['a missing sight of the GPU does not stretch the binding', {}, 'node.ready', 'bound', 'unattributed'],
  ['without a GPU there is nothing to see', { requestsGpu: false }, 'node.ready', 'bound', 'pod.bind'],
  ['the first run of a container that restarted', { restarted: true }, 'started', 'restarted', 'container.restart'],
])('%s', (_title, some, from, to, phase) => {
  const { rows } = cutTimeline([exact(from, 1), exact(to, 3)], { ...facts, ...some })
  expect(rows).toMatchObject([{ phase, seconds: 2 }])
})

test('of a pod that is stuck, the phase under way has the time to the end and is not finished', () => {
  const marks = [exact('pod.created', 0), exact('bound', 1), coarse('accepted', 1), exact('pulling', 3), exact('observed.end', 60)]
  const { lastPhase, rows } = cutTimeline(marks, facts)
  expect(lastPhase).toBe('image')
  expect(rows.at(-1)).toMatchObject({ phase: 'image', unfinished: true, seconds: 57 })
})

/** Pieces of a log, from the seconds at which they begin; the last one goes on. */
function spans(...begins: readonly (readonly [seconds: number, phase: LogSpan['phase']])[]): readonly LogSpan[] {
  const edge = (seconds: number) => ({ ms: epoch + seconds * 1000, slackMs: 0, source: 'log' })
  return begins.map(([seconds, phase], index) => {
    const next = begins[index + 1]
    return { phase, step: undefined, inferred: false, start: edge(seconds), end: next && edge(next[0]) }
  })
}

test('the phases of the log fill what lies between its first line and the end', () => {
  const marks = [exact('pod.created', 0), exact('started', 2), exact('log.first', 5), exact('served', 9), exact('ready', 10)]
  const { rows, lastPhase } = cutTimeline(
    marks,
    facts,
    spans([5, 'api.config'], [6, 'unattributed'], [7, 'server.start'], [9, 'probe.slack']),
  )
  expect(rows.map(({ phase, seconds }) => [phase, seconds])).toEqual([
    ['unattributed', 2],
    ['python.import', 3],
    ['api.config', 1],
    ['unattributed', 1],
    ['server.start', 2],
    ['probe.slack', 1],
  ])
  expect(rows.some(({ unfinished }) => unfinished)).toBe(false)
  expect(lastPhase).toBe('probe.slack')
})

test('a pod that is Ready as soon as it serves has a row for the probe, of no length', () => {
  // The condition is stamped as 9, within the second in which vLLM began to serve.
  const marks = [exact('pod.created', 0), exact('log.first', 5), exact('served', 9.4), coarse('ready', 9)]
  const { rows } = cutTimeline(marks, facts, spans([5, 'server.start'], [9.4, 'probe.slack']))
  expect(rows.at(-1)).toMatchObject({ phase: 'probe.slack', seconds: 0 })
})

test('what vLLM does after its pod was Ready is none of the start', () => {
  const marks = [exact('pod.created', 0), exact('log.first', 5), exact('ready', 7)]
  const { rows } = cutTimeline(marks, facts, spans([5, 'api.config'], [6, 'engine.spawn'], [8, 'model.init']))
  expect(rows.map(({ phase, endMs }) => [phase, endMs])).toEqual([
    ['unattributed', 5000],
    ['api.config', 6000],
    ['engine.spawn', 7000],
  ])
})

test('a failure is its own row, and the phase that it ended is the last one', () => {
  const marks = [exact('pod.created', 0), exact('log.first', 5), exact('observed.end', 60)]
  const [compile, failure] = spans([5, 'compile'], [8, 'failure'])
  const end = { ms: epoch + 10_000, slackMs: 0, source: 'last line of the log' }
  const { rows, lastPhase } = cutTimeline(
    marks,
    facts,
    [compile, failure && { ...failure, end }].filter((span) => span !== undefined),
  )
  expect(lastPhase).toBe('compile')
  expect(rows.slice(-2).map(({ phase, seconds }) => [phase, seconds])).toEqual([
    ['failure', 2],
    ['unattributed', 50],
  ])
})

test('a log whose first line contradicts the pod is left out as a whole', () => {
  const marks = [exact('pod.created', 0), exact('started', 3), exact('log.first', 50), exact('ready', 20)]
  const { rows, dropped } = cutTimeline(marks, facts, spans([50, 'api.config']))
  expect(dropped.map(({ mark }) => mark)).toEqual(['log.first'])
  expect(rows.at(-1)).toMatchObject({ phase: 'unattributed', seconds: 17 })
})
