import type { LogPhaseId } from '../timeline/phases.ts'

/** The moments that divide a start of vLLM, in their order. */
export const moments = ['engine.config', 'load.start', 'load.end', 'kv.end', 'engine.ready', 'served'] as const

export type Moment = (typeof moments)[number]

/** What vLLM is doing: a phase, and within it a step where the log names one. */
export interface Doing {
  readonly phase: LogPhaseId
  readonly step?: string
}

/** What a line says about torch.compile. */
export type CompileWord =
  | 'begins'
  | 'dynamo'
  | 'compiled'
  | 'loaded graph'
  | 'loaded model'
  | 'rejected'
  | 'saving'
  | 'saved'
  | 'not saved'
  | 'total'
  | 'total with profiling'
  | 'cache folder'
  | 'cache disabled'
  | 'warm-up done'

/** What a line means. Groups of the form's `rest` are read by name: `seconds`, `version`, `model`, `config`, `path`, `reason`. */
export type Meaning =
  /** The server tells its version, once: where a start is under way already, a new one begins. */
  | { readonly kind: 'server version' }
  | { readonly kind: 'moment'; readonly moment: Moment }
  /** A line after the model was loaded, for backends that do not log the end of the load. */
  | { readonly kind: 'after load' }
  /** Goes on until the log says something else. */
  | { readonly kind: 'began'; readonly doing: Doing }
  /** Took `seconds`, until here. */
  | { readonly kind: 'took'; readonly doing: Doing }
  /** Ends here; it began with the line before, as far as the log tells. */
  | { readonly kind: 'ended'; readonly doing: Doing }
  /** One state of a progress bar: groups `percent`, `done`, `of`, `elapsed`. */
  | { readonly kind: 'bar'; readonly doing: Doing }
  /** Runs beside its phase: names the step, and makes the phase no longer. Group `seconds`. */
  | { readonly kind: 'beside'; readonly doing: Doing }
  | { readonly kind: 'compile'; readonly word: CompileWord }
  | { readonly kind: 'startup plan'; readonly state: 'applied' | 'not applied' | 'saved' }
  | { readonly kind: 'eager' }
  | { readonly kind: 'failed' }
  /** Known, and without a meaning of its own: that vLLM speaks at all. */
  | { readonly kind: 'heard' }

export interface VllmForm {
  /** How the message begins, behind all that stands before it. */
  readonly says: string
  /** Sticky: what has to follow. */
  readonly rest?: RegExp
  readonly means: Meaning
  /** Another library writes the line, which may be there before vLLM's first. */
  readonly foreign?: true
  readonly releases: string
  /** In the vllm package of those releases; another package is named. */
  readonly source: string
}

/** `12.3 s`, `12.3 seconds`, `12 secs` and `12.3s`. */
export const seconds = /(?<seconds>\d+(?:\.\d+)?) ?s/y
