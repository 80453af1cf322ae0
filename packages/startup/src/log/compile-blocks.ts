import { edgeAt, edgeBefore, type Edge, type Interval } from './interval.ts'
import { secondsOf, slackMsOf, type LogEvent } from './log-event.ts'
import type { CompileWord } from './vllm-form.ts'

/** One compilation of one part of the model by one process, or the loading of its cache. */
export interface CompileBlock {
  readonly part: string
  readonly events: readonly LogEvent[]
  readonly interval: Interval
}

interface OpenBlock {
  readonly process: string
  part: string
  closed: boolean
  readonly events: LogEvent[]
}

/** The last lines of a compilation. */
const last = new Set<CompileWord>(['total', 'total with profiling', 'warm-up done'])
/** After these everything is compiled or loaded; a total may still follow. */
const complete = new Set<CompileWord>(['total', 'saved', 'not saved', 'loaded model'])
/** Logged after the profiling that follows a compilation. */
const late = new Set<CompileWord>(['total with profiling', 'warm-up done'])
/** The result is saved before the total is logged; up to 0.17, after it. */
const storing = new Set<CompileWord>(['saving', 'saved', 'not saved'])
/** When one of these is logged, the compilation has begun. */
const early = new Set<CompileWord>(['begins', 'rejected'])
/** Logged at any time: they do not delimit a compilation. */
const timeless = new Set<CompileWord>(['cache folder', 'cache disabled'])

export function compileWord({ form: { means } }: LogEvent): CompileWord | undefined {
  return means.kind === 'compile' ? means.word : undefined
}

/** @param events of one engine, in the order of time. */
export function compileBlocks(events: readonly LogEvent[]): readonly CompileBlock[] {
  const blocks: OpenBlock[] = []
  for (const event of events) {
    const word = compileWord(event)
    if (word === undefined) {
      for (const block of blocks) block.closed ||= endsCompilation(event, block)
      continue
    }
    const known =
      blocks.find((block) => belongsTo(event, block)) ??
      (has(storing, event) ? blocks.findLast((block) => compiledBy(event, block)) : undefined)
    // On CPU the first run has already ended the compilation.
    if (known === undefined && word === 'warm-up done') continue
    const block = known ?? { process: event.speaker.process, part: event.part, closed: false, events: [] }
    if (known === undefined) blocks.push(block)
    block.events.push(event)
    if (block.part === '') block.part = event.part
    block.closed ||= last.has(word)
  }
  return blocks.flatMap(finished)
}

/** A line without a part's tag belongs to whatever its process compiles: on CPU the lines around a compilation have no tag. */
function belongsTo({ speaker, part }: LogEvent, block: OpenBlock): boolean {
  return !block.closed && block.process === speaker.process && (block.part === part || block.part === '' || part === '')
}

function compiledBy({ speaker, part }: LogEvent, block: OpenBlock): boolean {
  return block.process === speaker.process && block.part === part && block.events.some((event) => compileWord(event) === 'total')
}

/** Everything is compiled before the first run of the model ends and before its KV cache is sized. */
function endsCompilation({ form: { means }, speaker }: LogEvent, { process }: OpenBlock): boolean {
  if (means.kind === 'moment') return means.moment === 'kv.end' || means.moment === 'engine.ready'
  return means.kind === 'took' && means.doing.phase === 'kv.profile' && speaker.process === process
}

function finished({ part, events, closed }: OpenBlock): readonly CompileBlock[] {
  const timed = events.filter((event) => !has(timeless, event))
  const [first] = timed
  if (first === undefined) return []
  const lines = timed.filter((event) => !has(late, event) && compileWord(event) !== 'begins')
  // If nothing is logged but the end of the warm-up, all of it counts as compilation.
  const end = edgeAt(lines.at(-1) ?? timed.at(-1) ?? first)
  const open = !closed && !lines.some((event) => has(complete, event))
  const [start] = timed.flatMap(startOf).toSorted((a, b) => a.ms - b.ms)
  const knowledge = start === undefined ? 'end logged' : lines.length === 0 ? 'start logged' : 'measured'
  return [{ part, events, interval: { phase: 'compile', ...(part !== '' && { step: part }), start: start ?? end, end, open, knowledge } }]
}

function startOf(event: LogEvent): readonly Edge[] {
  const took = secondsOf(event)
  if (!Number.isNaN(took)) return [edgeBefore(event, took, slackMsOf(event))]
  return has(early, event) ? [edgeAt(event)] : []
}

function has(words: ReadonlySet<CompileWord>, event: LogEvent): boolean {
  const word = compileWord(event)
  return word !== undefined && words.has(word)
}
