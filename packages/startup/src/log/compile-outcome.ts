import { compileWord, type CompileBlock } from './compile-blocks.ts'
import type { LogEvent } from './log-event.ts'
import type { CompileWord } from './vllm-form.ts'

/** Whether torch.compile found the result of an earlier start in its cache. */
export interface CompileOutcome {
  /** The part of the model: `backbone`. Empty before 0.32. */
  readonly part: string
  readonly verdict: 'hit' | 'miss'
  /** Why it missed, in vLLM's own words where it gives a reason. */
  readonly reason: string | undefined
}

/** One outcome for each part that the log mentions. If several processes compile the same part, a miss outweighs a hit. */
export function compileOutcomes(blocks: readonly CompileBlock[], events: readonly LogEvent[]): readonly CompileOutcome[] {
  const disabled = events.some((event) => compileWord(event) === 'cache disabled')
  const folder = last(events, 'cache folder')?.groups['path']
  const outcomes = blocks.flatMap((block) => outcomeOf(block, disabled, folder))
  const byPart = Map.groupBy(outcomes, ({ part }) => part)
  return [...byPart.values()].flatMap((same) => same.find(({ verdict }) => verdict === 'miss') ?? same.slice(0, 1))
}

function outcomeOf({ part, events }: CompileBlock, disabled: boolean, folder: string | undefined): readonly CompileOutcome[] {
  const rejected = last(events, 'rejected')
  const saved = last(events, 'saved')
  const unsaved = last(events, 'not saved')
  const compiled = saved ?? unsaved ?? last(events, 'compiled')
  const loaded = last(events, 'loaded graph') ?? last(events, 'loaded model')
  if (rejected !== undefined) {
    const { reason, path } = rejected.groups
    return [{ part, verdict: 'miss', reason: `the cache was rejected: ${reason ?? ''} (${path ?? ''})${notSaved(unsaved)}` }]
  }
  if (compiled !== undefined) {
    const place = saved?.groups['path'] ?? unsaved?.groups['path'] ?? folder
    const found = loaded === undefined ? 'nothing was found' : 'only a part was found'
    const reason = disabled ? 'the cache is disabled' : `${found} in ${place ?? 'the cache'}${notSaved(unsaved)}`
    return [{ part, verdict: 'miss', reason }]
  }
  return loaded === undefined ? [] : [{ part, verdict: 'hit', reason: undefined }]
}

/** If the result was not saved, the next start misses too. */
function notSaved(unsaved: LogEvent | undefined): string {
  return unsaved === undefined ? '' : `; what was compiled could not be saved: ${unsaved.groups['reason'] ?? ''}`
}

function last(events: readonly LogEvent[], word: CompileWord): LogEvent | undefined {
  return events.findLast((event) => compileWord(event) === word)
}
