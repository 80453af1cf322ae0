import type { CompileBlock } from './compile-blocks.ts'
import { edgeAt, edgeBefore, type Edge, type Interval } from './interval.ts'
import { secondsOf, slackMsOf, type LogEvent } from './log-event.ts'
import type { Milestones } from './milestones.ts'
import type { Doing, VllmForm } from './vllm-form.ts'

/** The intervals that the lines of one engine describe. @param events in the order of time. */
export function findIntervals(events: readonly LogEvent[], blocks: readonly CompileBlock[]): readonly Interval[] {
  return [...events.flatMap((event, index) => intervalOf(event, events, index)), ...blocks.map(({ interval }) => interval)]
}

function intervalOf(event: LogEvent, events: readonly LogEvent[], index: number): readonly Interval[] {
  const { means } = event.form
  switch (means.kind) {
    case 'took':
    case 'alongside': {
      const start = edgeBefore(event, secondsOf(event), slackMsOf(event))
      return [{ ...means.doing, start, end: edgeAt(event), open: false, knowledge: means.kind === 'took' ? 'measured' : 'alongside' }]
    }
    case 'began': {
      const next = events.slice(index + 1).find((each) => ends(each, means.doing))
      const end = next && laterOf(edgeAt(event), beginningOf(next))
      return [{ ...means.doing, start: edgeAt(event), end: end ?? edgeAt(event), open: end === undefined, knowledge: 'start logged' }]
    }
    case 'ended': {
      const before = events[index - 1]
      return [{ ...means.doing, start: edgeAt(before ?? event), end: edgeAt(event), open: false, knowledge: 'end logged' }]
    }
    case 'bar':
      return event.bar === undefined ? [] : [barInterval(event, event.bar, means.doing, events)]
    case 'server version':
    case 'moment':
    case 'after load':
    case 'compile':
    case 'startup plan':
    case 'eager':
    case 'failed':
    case 'heard':
      return []
  }
}

/** Whether a line shows that something else is being done. The same line from another rank does not. */
function ends({ form: { means } }: LogEvent, doing: Doing): boolean {
  switch (means.kind) {
    case 'moment':
    case 'compile':
    case 'took':
    case 'ended':
    case 'bar':
    case 'after load':
      return true
    case 'began':
      return means.doing.phase !== doing.phase || means.doing.step !== doing.step
    case 'server version':
    case 'alongside':
    case 'startup plan':
    case 'eager':
    case 'failed':
    case 'heard':
      return false
  }
}

function beginningOf(event: LogEvent): Edge {
  const took = secondsOf(event)
  const { kind } = event.form.means
  if (event.bar !== undefined) return { ...edgeAt(event), ms: event.bar.startMs }
  return (kind === 'took' || kind === 'compile') && !Number.isNaN(took) ? edgeBefore(event, took, slackMsOf(event)) : edgeAt(event)
}

function laterOf(one: Edge, other: Edge): Edge {
  return other.ms > one.ms ? other : one
}

/** A bar is finished at 100 %, or as soon as anything else is logged after its last state. */
function barInterval(event: LogEvent, bar: NonNullable<LogEvent['bar']>, doing: Doing, events: readonly LogEvent[]): Interval {
  const label = event.groups['what']
  const step = label === undefined ? doing.step : label.trim()
  const over =
    bar.percent === 100 || events.some(({ atMs, form }) => atMs >= bar.endMs && form !== event.form && form.means.kind !== 'heard')
  const said = `${event.said} … ${bar.count}`
  return {
    ...doing,
    ...(step !== undefined && { step }),
    // The bar prints whole seconds.
    start: { ms: bar.startMs, slackMs: bar.startMs === event.atMs ? 0 : 1000, source: `log "${doing.phase} bar"` },
    end: edgeAt({ atMs: bar.endMs, said }),
    open: !over,
    knowledge: 'measured',
  }
}

/**
 * Graphs that are captured before the KV cache is sized are captured to measure their memory: that is profiling. If the log ends before the size is
 * known, only the V2 runner can have logged such a capture.
 */
export function withProfiledGraphs(intervals: readonly Interval[], logged: Milestones, events: readonly LogEvent[]): readonly Interval[] {
  const onlyProfiled =
    logged['engine.ready'] === undefined && events.some(({ file, form }) => file === 'model_runner.py' && isCapture(form))
  const sizedMs = logged['kv.end']?.ms ?? (onlyProfiled ? Infinity : -Infinity)
  return intervals.map((each) =>
    each.phase === 'graphs.capture' && each.end.ms <= sizedMs ? { ...each, phase: 'kv.profile', step: 'memory of CUDA graphs' } : each,
  )
}

function isCapture({ means }: VllmForm): boolean {
  return means.kind === 'took' && means.doing.phase === 'graphs.capture'
}
