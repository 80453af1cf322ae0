import type { LogEvent } from './log-event.ts'
import { moments } from './vllm-form.ts'

/**
 * Data-parallel engines start in parallel, each at its own pace, and the pod waits for the slowest. Only its lines count: marks of several engines
 * would contradict each other. One exception: vLLM lets one rank log the beginning for all of them.
 * @returns the lines of the slowest engine, of the API server and of processes without a tag, in the order of time.
 */
export function pickEngine(events: readonly LogEvent[]): readonly LogEvent[] {
  const sorted = events.toSorted((a, b) => a.atMs - b.atMs)
  const engines = [...Map.groupBy(sorted, ({ speaker }) => speaker.engine)].flatMap(([engine, own]) =>
    engine === undefined ? [] : [{ engine, own }],
  )
  if (engines.length < 2) return sorted
  const slowest = engines.reduce((slow, each) => (isSlower(each.own, slow.own) ? each : slow))
  const spoken = new Set(slowest.own.map(({ form }) => form))
  return sorted.filter(({ speaker, form }) => {
    if (speaker.engine === undefined || speaker.engine === slowest.engine) return true
    return (
      form.means.kind === 'moment' && (form.means.moment === 'engine.config' || form.means.moment === 'load.start') && !spoken.has(form)
    )
  })
}

/** The engine that has reached less is slower; if both have reached the same, the one that got there later. */
function isSlower(one: readonly LogEvent[], other: readonly LogEvent[]): boolean {
  const [mine, its] = [lastMoment(one), lastMoment(other)]
  return mine.order === its.order ? mine.atMs > its.atMs : mine.order < its.order
}

function lastMoment(events: readonly LogEvent[]): { readonly order: number; readonly atMs: number } {
  return events.reduce(
    (last, { form: { means }, atMs }) => {
      const order = means.kind === 'moment' ? moments.indexOf(means.moment) : -1
      return order >= last.order ? { order, atMs } : last
    },
    { order: -1, atMs: -Infinity },
  )
}
