import type { LogPhaseId } from '../timeline/phases.ts'

/** The moments that divide a start of vLLM, in order. */
export const moments = ['engine.config', 'load.start', 'load.end', 'kv.end', 'engine.ready', 'served'] as const

export type Moment = (typeof moments)[number]

/** What vLLM is doing: a phase, and the step within it if the log names one. */
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
  /** Logged once per start: if a start is under way already, a new one begins. */
  | { readonly kind: 'server version' }
  | { readonly kind: 'moment'; readonly moment: Moment }
  /** Logged after the model was loaded, also by backends that do not log the end of the load. */
  | { readonly kind: 'after load' }
  /** Begins here and lasts until the next line. */
  | { readonly kind: 'began'; readonly doing: Doing }
  /** Ends here and took `seconds`. */
  | { readonly kind: 'took'; readonly doing: Doing }
  /** Ends here. The log does not show where it began: the line before is the best guess. */
  | { readonly kind: 'ended'; readonly doing: Doing }
  /** One state of a progress bar: groups `percent`, `done`, `of`, `elapsed`. */
  | { readonly kind: 'bar'; readonly doing: Doing }
  /** Runs in parallel with its phase: it names the step but does not extend the phase. Group `seconds`. */
  | { readonly kind: 'alongside'; readonly doing: Doing }
  | { readonly kind: 'compile'; readonly word: CompileWord }
  | { readonly kind: 'startup plan'; readonly state: 'applied' | 'not applied' | 'saved' }
  | { readonly kind: 'eager' }
  | { readonly kind: 'failed' }
  /** A known line of vLLM without any meaning for the timeline. */
  | { readonly kind: 'heard' }

export interface VllmForm {
  /** How the message begins, after its header. */
  readonly says: string
  /** Sticky: what has to follow `says`. */
  readonly rest?: RegExp
  readonly means: Meaning
  /** Another library writes the line, possibly before vLLM's first line. */
  readonly foreign?: true
  readonly releases: string
  /** The source file, in the package vllm unless another one is named. */
  readonly source: string
}

/** `12.3 s`, `12.3 seconds`, `12 secs` and `12.3s`. */
export const seconds = /(?<seconds>\d+(?:\.\d+)?) ?s/y
