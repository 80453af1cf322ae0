import type { MarkId } from './mark.ts'
import type { PhaseId } from './phases.ts'

export interface TimelineRow {
  readonly phase: PhaseId
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

/** How one pod started: rows that follow each other without overlap and add up to `wallSeconds`. */
export interface Timeline {
  readonly pod: string
  readonly node: string | undefined
  readonly instanceType: string | undefined
  /** Whether the node came into being for this scale-up. */
  readonly newNode: boolean
  /** Whether the image was on the node already. Undefined while no event tells. */
  readonly cacheHit: boolean | undefined
  /** Whether torch.compile found its cache. Undefined where it did not say. */
  readonly compileCache: 'hit' | 'miss' | undefined
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
  /** What the pod last said of itself, where it is not Ready. */
  readonly lastSeen: string | undefined
  /** Stamps that contradict the others. */
  readonly dropped: readonly DroppedStamp[]
}
