import type { LogLine } from '../ports/workload.ts'
import { timestampMs } from '../timestamp.ts'
import { findForm, type FoundForm } from './find-form.ts'
import { hasLevel, isVllmLine } from './is-vllm-line.ts'
import { joinBar } from './join-bar.ts'
import type { LogEvent } from './log-event.ts'
import type { Failure, LogRun } from './log-run.ts'
import { plainText } from './plain-text.ts'
import { noSpeaker, speakerOf, type Speaker } from './speaker.ts'

/** A guard for logs that repeat a known line without end. A real start has fewer than a hundred. */
const mostEvents = 2000

interface Run extends LogRun {
  first: LogRun['first']
  events: LogEvent[]
  failure: Failure | undefined
  served: boolean
  /** Whether a moment of the engine was logged. */
  engineBegan: boolean
  /** Processes that logged the server's version. */
  versions: Set<string>
  /** Time of the first of the lines that precede the server's version: if a new start follows, it began there. */
  preambleMs: number | undefined
}

const emptyRun = (): Run => ({
  first: undefined,
  events: [],
  failure: undefined,
  served: false,
  engineBegan: false,
  versions: new Set(),
  preambleMs: undefined,
})

/**
 * Reads a log once, line by line; lines without a known form cost no more than a look at their header. A container that was started again may have
 * several starts in one log.
 * @returns the last of them, and how many there are.
 */
export function readLastRun(lines: readonly LogLine[]): { readonly run: LogRun; readonly starts: number } {
  let run = emptyRun()
  let starts = 1
  for (const line of lines) {
    let speaker = noSpeaker
    for (const text of plainText(line.text)) {
      const found = findForm(text)
      const first = run.first === undefined && (isVllmLine(text) || isKnownMessage(found, text))
      if (found === undefined && !first) {
        // A tag may stand alone before a progress bar.
        if (text.endsWith(') ')) speaker = speakerOf(text)
        continue
      }
      const atMs = timestampMs(line.time)
      if (Number.isNaN(atMs)) break
      if (found === undefined) {
        run.first = { atMs, said: shortened(text) }
        continue
      }
      const event = eventOf(found, text, atMs, speaker)
      speaker = event.speaker
      if (isNewStart(run, event)) {
        run = { ...emptyRun(), first: { atMs: run.preambleMs ?? atMs, said: event.said } }
        starts++
      }
      if (first) run.first ??= { atMs, said: event.said }
      take(run, event)
    }
  }
  return { run, starts }
}

/** In an unknown format, a known message after a log level is vLLM's. */
function isKnownMessage(found: FoundForm | undefined, text: string): boolean {
  return found !== undefined && found.form.foreign !== true && hasLevel(text.slice(0, found.at))
}

function eventOf(found: FoundForm, text: string, atMs: number, before: Speaker): LogEvent {
  const { form, said, groups } = text.startsWith('{') ? (inJson(text) ?? found) : found
  const header = text.slice(0, found.at)
  const own = speakerOf(header)
  const part = /\[(\w+)\] $/.exec(header)?.[1] ?? ''
  const file = /([\w.]+):\d+\] /.exec(header)?.[1] ?? ''
  return { form, atMs, speaker: own === noSpeaker ? before : own, part, file, said: shortened(said), groups, bar: undefined }
}

/** The message of a JSON line without its escapes. */
function inJson(text: string): FoundForm | undefined {
  try {
    const line = JSON.parse(text) as Record<string, unknown>
    const message = [line['message'], line['msg'], line['log'], line['event']].find((value) => typeof value === 'string')
    return message === undefined ? undefined : findForm(message)
  } catch {
    return undefined
  }
}

/** A new start begins after one that served or failed, or when the same process logs its version again. */
function isNewStart({ engineBegan, versions, served, failure }: Run, { form: { means }, speaker }: LogEvent): boolean {
  const isVersion = means.kind === 'server version'
  const isEarly = isVersion || (means.kind === 'moment' && (means.moment === 'engine.config' || means.moment === 'load.start'))
  if (served || (failure !== undefined && isVersion)) return isEarly
  return isVersion && engineBegan && versions.has(speaker.process)
}

function take(run: Run, event: LogEvent): void {
  const { means, says } = event.form
  if (means.kind === 'failed') {
    const known = run.failure
    // The exception explains more than the line that only reports a failure.
    if (known === undefined) run.failure = { atMs: event.atMs, reason: event.said }
    else if (/error[:,] /i.test(says) && !/error[:,] /i.test(known.reason)) run.failure = { ...known, reason: event.said }
    return
  }
  if (means.kind === 'heard') run.preambleMs ??= event.atMs
  else {
    run.preambleMs = undefined
    // vLLM went on, so the error was not fatal.
    if (!run.served) run.failure = undefined
  }
  if (run.served && !(means.kind === 'took' && means.doing.phase === 'probe.slack')) return
  if (means.kind === 'moment' && means.moment === 'served') run.served = true
  if (run.events.length >= mostEvents) return
  if (means.kind === 'bar') return joinBar(run.events, event)
  run.events.push(event)
  if (means.kind === 'moment') run.engineBegan = true
  if (means.kind === 'server version') run.versions.add(event.speaker.process)
}

/** Long enough for a reason and a path. */
function shortened(text: string): string {
  const said = text.trim()
  return said.length <= 160 ? said : `${said.slice(0, 157)}…`
}
