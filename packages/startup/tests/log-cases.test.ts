import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parseVllmLog } from '../src/log/parse-vllm-log.ts'
import type { LogLine } from '../src/ports/workload.ts'
import { timestampMs } from '../src/timestamp.ts'
import { coveredBy, phaseSeconds, timelineOf } from './timeline-of-log.ts'

type Range = readonly [lowest: number, highest: number]

interface LogCase {
  readonly id: string
  readonly kind: string
  readonly stuck?: true
  /** Seconds and text. */
  readonly lines: readonly (readonly [number, string])[]
  readonly expect: {
    readonly version?: string | null
    readonly model?: string
    readonly eager?: boolean
    readonly compileCache?: 'hit' | 'miss' | null
    readonly misses?: readonly string[]
    readonly startupPlan?: string
    readonly starts?: number
    readonly failure?: string | null
    /** Seconds from the first line. */
    readonly marks?: Readonly<Record<string, Range>>
    readonly noMarks?: readonly string[]
    readonly phases?: Readonly<Record<string, Range>>
    readonly steps?: readonly string[]
    readonly dropped?: readonly []
    readonly lastPhase?: string
    readonly step?: string
    readonly progress?: string | null
  }
}

const file = new URL('vllm-log/log-cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly LogCase[] }

const originMs = Date.UTC(2026, 10, 20, 10)
const linesOf = ({ lines }: LogCase) =>
  lines.map(([at, text]) => ({ time: `${new Date(originMs + at * 1000).toISOString().slice(0, -1)}000000Z`, text }))

/** Of the given names those whose figure is out of its range. */
function outOfRange(
  figures: Readonly<Record<string, number>>,
  ranges: Readonly<Record<string, Range>> = {},
  missing?: number,
): readonly string[] {
  return Object.entries(ranges).flatMap(([name, [lowest, highest]]) => {
    const figure = figures[name] ?? missing ?? NaN
    return figure >= lowest - 1e-6 && figure <= highest + 1e-6 ? [] : [`${name}: ${figure}, not in ${lowest} to ${highest}`]
  })
}

/** All that a case may expect, as the log and its timeline tell it. */
function reported({ stuck }: LogCase, lines: readonly LogLine[]): Record<string, unknown> {
  const log = parseVllmLog(lines)
  const { compileMisses, dropped, lastPhase, startupPlan, underWay } = timelineOf(lines, stuck ?? false)
  return {
    version: log.version ?? null,
    model: log.model,
    eager: log.eager,
    compileCache: log.compileCache ?? null,
    misses: compileMisses,
    startupPlan,
    starts: log.starts,
    failure: log.failure?.reason ?? null,
    dropped,
    lastPhase,
    step: underWay?.step,
    progress: underWay?.progress ?? null,
  }
}

test.each(cases.map((each) => [each.id, each.kind, each] as const))('%s: %s', (_id, _kind, each) => {
  const { marks, noMarks = [], phases, steps = [], ...others } = each.expect
  const lines = linesOf(each)
  expect(reported(each, lines)).toMatchObject(others)

  const zeroMs = timestampMs(lines[0]?.time ?? '')
  const seconds = Object.fromEntries(parseVllmLog(lines).marks.map(({ id, atMs }) => [id, (atMs - zeroMs) / 1000]))
  expect(outOfRange(seconds, marks)).toEqual([])
  expect(noMarks.filter((id) => seconds[id] !== undefined)).toEqual([])

  const timeline = timelineOf(lines, each.stuck ?? false)
  expect(outOfRange(phaseSeconds(timeline, coveredBy(lines)), phases, 0)).toEqual([])
  const named = timeline.rows.map(({ phase, step }) => `${phase}: ${step ?? ''}`)
  expect(steps.filter((step) => !named.includes(step))).toEqual([])
  expect(timeline.rows.reduce((sum, row) => sum + row.seconds, 0)).toBeCloseTo(timeline.wallSeconds, 6)
})
