import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseVllmLog } from '../src/log/parse-vllm-log.ts'
import type { LogLine } from '../src/ports/workload.ts'
import { coveredBy, phaseSeconds, timelineOf } from './timeline-of-log.ts'

/** Lines of a file: the runtime's stamp where it has any, else the whole seconds of vLLM's own, and those of the line before where there are none. */
function realLog(name: string): readonly LogLine[] {
  const texts = readFileSync(new URL(`vllm-log/real/${name}.log`, import.meta.url), 'utf8')
    .split('\n')
    .slice(0, -1)
  let time = ''
  const lines = texts.map((line) => {
    const stamped = /^(\d{4}-\S+Z) ([^]*)$/.exec(line)
    if (stamped !== null) return { time: stamped[1] ?? '', text: stamped[2] ?? '' }
    const own = /(?:INFO|WARNING|ERROR) (\d\d-\d\d) (\d\d:\d\d:\d\d) \[/.exec(line)
    if (own !== null) time = `2026-${own[1]}T${own[2]}.000000000Z`
    return { time, text: line }
  })
  const first = lines.find((line) => line.time !== '')?.time ?? ''
  return lines.map((line) => (line.time === '' ? { ...line, time: first } : line))
}

const rejected = "[backbone] the cache was rejected: 'function' object has no attribute 'finalize_loading' ("
const missing = '[backbone] nothing was found in '

// vLLM 0.32.0 on CPU, a tiny Mistral and a tiny Llama: in a pod, and `vllm serve` on a machine.
test.each([
  ['pod-cache-rejected', 'miss', rejected, { 'python.import': 3.6, 'engine.spawn': 4.8, compile: 10.3 }],
  ['pod-on-filling-volume', 'miss', rejected, { 'python.import': 10.5, compile: 11.2 }],
  ['serve-stamped-no-cache', 'miss', missing, { 'api.config': 10.8, compile: 19.7, 'weights.post': 0.7 }],
  ['serve-no-cache', 'miss', missing, { compile: 17 }],
  ['serve-cache-rejected', 'miss', rejected, { compile: 4 }],
  ['serve-without-aot-no-cache', undefined, undefined, { compile: 12 }],
  ['serve-without-aot-cached', undefined, undefined, { compile: 3 }],
] as const)('%s: every second has its phase, and a miss its reason', (name, verdict, reason, phases) => {
  const lines = realLog(name)
  const timeline = timelineOf(lines, false)
  const covered = coveredBy(lines)
  const seconds = phaseSeconds(timeline, covered)
  expect(seconds['unattributed'] ?? 0).toBeLessThanOrEqual((0.02 * (covered.lastMs - covered.firstMs)) / 1000)
  expect(timeline).toMatchObject({ vllmVersion: '0.32.0', dropped: [], lastPhase: 'probe.slack' })
  expect(timeline.compileCache).toBe(verdict)
  expect(timeline.compileMisses?.map((miss) => miss.slice(0, reason?.length))).toEqual(reason && [reason])
  const rounded = Object.entries(phases).map(([phase, wanted]) => [phase, Math.round((seconds[phase] ?? 0) * 10) / 10, wanted])
  expect(rounded.filter(([, reported, wanted]) => reported !== wanted)).toEqual([])
})

test('with VLLM_FORCE_AOT_LOAD=1 a rejected cache ends the start, in the phase in which it did', () => {
  const lines = realLog('serve-cache-forced')
  const timeline = timelineOf(lines, true)
  expect(phaseSeconds(timeline, coveredBy(lines))).not.toHaveProperty('unattributed')
  expect(timeline.lastPhase).toBe('compile')
  expect(timeline.underWay).not.toHaveProperty('waitsFor')
  expect(timeline.lastSeen).toContain("vLLM: AttributeError: 'function' object has no attribute 'finalize_loading'")
  expect(timeline.rows.at(-2)).toMatchObject({ phase: 'failure', seconds: 2 })
})

test('what the log tells by no line of its own is marked as inferred', () => {
  const { rows } = timelineOf(realLog('pod-cache-rejected'), false)
  // On CPU nothing tells the end of the load.
  expect(rows.filter(({ inferred }) => inferred).map(({ phase }) => phase)).toEqual(['weights.post'])
})

/** Parts of a log, in their order, cut off in the middle of lines, with other lines between. */
const anyDamage = fc.record({
  keep: fc.array(fc.boolean(), { minLength: 5, maxLength: 40 }),
  cut: fc.nat({ max: 200 }),
  noise: fc.constantFrom('', '\uFFFD\uFFFD', '] ] ] : | "', 'INFO: ', '{"message": "Loading weights took', '\r\r\r'),
  stuck: fc.boolean(),
})

test.each(['pod-cache-rejected', 'serve-stamped-no-cache', 'serve-cache-forced'])('%s, damaged in any way, still adds up', (name) => {
  const whole = realLog(name)
  fc.assert(
    fc.property(anyDamage, ({ keep, cut, noise, stuck }) => {
      const kept = whole.filter((_, index) => keep[index % keep.length])
      const lines = kept.map(({ time, text }, index) => ({ time, text: index % 7 === 0 ? noise + text.slice(0, cut) : text }))
      fc.pre(lines.length > 0)
      const timeline = timelineOf(lines, stuck)
      let end = 0
      for (const row of timeline.rows) {
        expect(row.startMs).toBe(end)
        expect(row.endMs).toBeGreaterThanOrEqual(row.startMs)
        end = row.endMs
      }
      expect(end / 1000).toBe(timeline.wallSeconds)
      expect(timeline.underWay === undefined).toBe(!stuck)
      const { spans } = parseVllmLog(lines)
      expect(spans.slice(1).map(({ start }) => start.ms)).toEqual(spans.slice(0, -1).map((span) => span.end?.ms))
    }),
  )
})

test('a log of two hundred thousand lines, with a thousand starts in it, is read in seconds', () => {
  const informing = realLog('pod-cache-rejected').filter(({ text }) => text.includes('INFO'))
  const lines = Array.from({ length: 200_000 }, (_, index) => informing[index % informing.length] ?? { time: '', text: '' })
  const from = performance.now()
  expect(parseVllmLog(lines).starts).toBeGreaterThan(1000)
  // Some 0.4 s; a search that goes back on itself would take minutes.
  expect((performance.now() - from) / 1000).toBeLessThan(10)
})
