import type { RunFacts } from '../measure/run-facts.ts'
import type { ClockSkew } from '../timeline/clock-offsets.ts'
import type { PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'

/** One phase over the pods that became Ready and have it. */
export interface PhaseSummary {
  readonly phase: PhaseId
  readonly pods: number
  readonly medianSeconds: number
  readonly maxSeconds: number
}

/** A volume of an EC2NodeClass. */
export interface DataVolume {
  readonly fromSnapshot: boolean
  readonly iops?: number
  readonly throughputMiBps?: number
  /** `volumeInitializationRate`. */
  readonly initializationRateMiBps?: number
}

/** What the figures depend on. */
export interface Environment {
  readonly deployment: string
  readonly namespace: string
  readonly from: number
  readonly to: number
  readonly image: string
  readonly model?: string
  readonly vllmVersion?: string
  readonly instanceTypes: readonly string[]
  readonly snapshotId?: string
  /** The nodes' data volume, as the EC2NodeClass has it. Left out where it was not read. */
  readonly volume?: DataVolume
  /** Of a simulation. */
  readonly seed?: string
}

/** One measurement, as the file `report` has it. Seconds are null where it never came to that. */
export interface Report {
  readonly schema: 1
  /** Whether a simulation's clock gave the seconds: they then say nothing about AWS. */
  readonly simulated: boolean
  /** ISO 8601, of the scale request. */
  readonly scaledAt: string
  readonly environment: Environment
  /** From the scale request. */
  readonly firstReadySeconds: number | null
  /** From the scale request to the last of `to - from` new pods. */
  readonly allReadySeconds: number | null
  /** Pod created to Ready: the median of those that became Ready. */
  readonly podStartupSeconds: number | null
  readonly phases: readonly PhaseSummary[]
  /** From the scale request to the first token of the last new pod; null where not all were measured. Left out by releases that measured none. */
  readonly firstTokenSeconds?: number | null
  /** Clocks that differ from the runner's by more than news takes, and by how much: the stamps have been corrected by it. */
  readonly clockSkews?: readonly ClockSkew[]
  /** Left out by releases that measured one Deployment in place. */
  readonly run?: RunFacts
  /** Every new pod. */
  readonly pods: readonly Timeline[]
}

/** A report of a run whose arm, number and nodes are known. */
export type MeasuredRun = Report & { readonly run: RunFacts }
