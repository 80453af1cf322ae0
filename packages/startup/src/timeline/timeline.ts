import type { FirstToken } from '../measure/run-facts.ts'
import type { MarkId } from './mark.ts'
import type { PhaseId } from './phases.ts'

export interface TimelineRow {
  readonly phase: PhaseId
  /** What was done within the phase, if vLLM's log names it: `FlashInfer autotune`. */
  readonly step?: string
  /** No signal of its own shows the row: it follows from the signals around it. */
  readonly inferred?: true
  /** It was still under way when the observation ended. */
  readonly unfinished?: true
  /** Milliseconds since the timeline's start. */
  readonly startMs: number
  readonly endMs: number
  readonly seconds: number
  /** Whose clocks the two ends were read from. */
  readonly clock: string
  readonly source: string
  /** By so much the row's length may be off, as far as the stamps' own precision goes. */
  readonly precisionMs: number
}

export interface DroppedStamp {
  readonly mark: MarkId
  /** ISO 8601. */
  readonly at: string
  readonly source: string
}

/** How far a start came that did not become Ready. */
export interface UnderWay {
  readonly phase: PhaseId
  readonly step?: string
  /** ISO 8601: when the phase began. */
  readonly since: string
  /** From then to the end of the observation. */
  readonly seconds: number
  /** For people. Undefined for a start that failed. */
  readonly waitsFor?: string
  /** The last state of the log's last progress bar: `1/4`. */
  readonly progress?: string
  /** The last line of the log. */
  readonly lastLine?: string
}

/** How one pod started: rows that follow each other without overlap and add up to `wallSeconds`. */
export interface Timeline {
  readonly pod: string
  readonly node: string | undefined
  readonly instanceType: string | undefined
  /** Of the node, where its labels tell. */
  readonly zone?: string
  /** `spot`, `on-demand` or `reserved`. */
  readonly capacityType?: string
  /** Whether the node came into being for this scale-up. */
  readonly newNode: boolean
  /** Whether the image was on the node already. Undefined while no event tells. */
  readonly cacheHit: boolean | undefined
  /** Read from vLLM's log. */
  readonly vllmVersion?: string
  readonly model?: string
  /** Memory of the model, from vLLM's log: about what was read of its weights. */
  readonly weightsGiB?: number
  /** Whether torch.compile found its cache. Undefined where it did not say. */
  readonly compileCache: 'hit' | 'miss' | undefined
  /** Why it missed, one reason for each part of the model. */
  readonly compileMisses?: readonly string[]
  /** Whether vLLM used the memory profile of an earlier start: `applied`, `saved`, or `not applied` with the reason. */
  readonly startupPlan?: string
  /** ISO 8601, of the first row's start. */
  readonly startedAt: string
  readonly rows: readonly TimelineRow[]
  readonly wallSeconds: number
  readonly ready: boolean
  /** Scale request to Ready, whatever the rows begin with. */
  readonly readyAfterSeconds: number | undefined
  /** Pod created to Ready. */
  readonly startupSeconds: number | undefined
  /** The phase that was reached: of a pod that is not Ready, the one it is stuck in. */
  readonly lastPhase: PhaseId
  /** For a pod that is not Ready. */
  readonly underWay?: UnderWay
  /** What the pod last said of itself, where it is not Ready. */
  readonly lastSeen: string | undefined
  /** Left out where no completion was asked for. */
  readonly firstToken?: FirstToken
  /** Stamps that contradict the others. */
  readonly dropped: readonly DroppedStamp[]
}
