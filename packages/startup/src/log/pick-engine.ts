import type { LogEvent } from './log-event.ts'
import { moments } from './vllm-form.ts'

/**
 * Data-parallel engines start side by side, each at its own pace; the pod waits for the last of them. Its lines alone make the start, since the first
 * and the last of several engines would contradict each other; what only another one says of the beginning (vLLM lets one rank speak for all) is kept.
 * @returns the lines of that engine, of the API server and of whoever carries no tag, in the order of time.
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

/** One that has come less far is slower; of two that have come as far, the one that came there later. */
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
