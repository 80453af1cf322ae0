import type { LogLine } from '../ports/workload.ts'
import { exactStamp, type Mark, type MarkId } from '../timeline/mark.ts'
import { timestampMs } from '../timestamp.ts'
import { compileHit, compileMiss, engineConfig, serverVersion, vllmLines } from './vllm-lines.ts'

export interface VllmLog {
  readonly version: string | undefined
  /** As vLLM was given it: a hub name or a path. */
  readonly model: string | undefined
  readonly eager: boolean
  readonly compileCache: 'hit' | 'miss' | undefined
  /** At most one per moment, on the node's clock. */
  readonly marks: readonly Mark[]
}

/** Reads vLLM's log as far as it is known; a line that says nothing known is passed over, and so is one without a time. */
export function parseVllmLog(lines: readonly LogLine[]): VllmLog {
  const marks = new Map<MarkId, Mark>()
  const keep = (mark: Mark, pick: 'first' | 'last') => {
    const known = marks.get(mark.id)
    if (known === undefined || (pick === 'first' ? mark.atMs < known.atMs : mark.atMs > known.atMs)) marks.set(mark.id, mark)
  }
  for (const { time, text } of lines) {
    const atMs = timestampMs(time)
    if (Number.isNaN(atMs)) continue
    for (const { mark, pattern, pick, start } of vllmLines) {
      const match = pattern.exec(text)
      if (match === null) continue
      const source = `log "${excerpt(match[0])}"`
      keep({ id: mark, ...exactStamp(atMs, 'node', source) }, pick)
      if (start !== undefined && match[1] !== undefined) keep(before(start, atMs, match[1], source), 'first')
    }
  }
  const texts = lines.map(({ text }) => text)
  const config = first(texts, engineConfig)
  return {
    version: config?.[1] ?? first(texts, serverVersion)?.[1],
    model: /model='([^']+)'/.exec(config?.[2] ?? '')?.[1],
    eager: /enforce_eager=True/.test(config?.[2] ?? ''),
    // A run that compiles one graph and loads another has missed.
    compileCache: first(texts, compileMiss) ? 'miss' : first(texts, compileHit) ? 'hit' : undefined,
    marks: [...marks.values()],
  }
}

/** The start of what a line says took so many seconds; it is as precise as the figure has digits. */
function before(id: MarkId, endMs: number, seconds: string, source: string): Mark {
  const atMs = endMs - Number(seconds) * 1000
  const halfDigitMs = 500 / 10 ** (seconds.split('.')[1]?.length ?? 0)
  return { id, atMs, earliestMs: atMs - halfDigitMs, latestMs: atMs + halfDigitMs, clock: 'node', source: `${source}, less ${seconds} s` }
}

function first(texts: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const text of texts) {
    const match = pattern.exec(text)
    if (match !== null) return match
  }
  return undefined
}

/** Model names and paths make no source more traceable. */
function excerpt(text: string): string {
  return text.trim().length <= 48 ? text.trim() : `${text.trim().slice(0, 45)}…`
}
