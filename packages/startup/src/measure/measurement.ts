import type { LogLine, Observation } from '../ports/workload.ts'

export interface ScaleRequest {
  readonly deployment: string
  readonly namespace: string
  /** Replicas that are Ready before. */
  readonly from: number
  /** Replicas that are asked for. */
  readonly to: number
  /** Limit for `from` to be Ready, and again for `to`, in milliseconds. */
  readonly timeoutMs: number
}

/** Everything that was seen of one scale-up, raw. */
export interface Measurement {
  readonly deployment: string
  readonly namespace: string
  readonly from: number
  readonly to: number
  readonly image: string
  /** On the runner's clock. */
  readonly scale: { readonly sentAt: Date; readonly answeredAt: Date }
  /** When the pods were looked at last, on the runner's clock. */
  readonly endedAt: Date
  /** Whether the limit came before all new pods were Ready. */
  readonly timedOut: boolean
  /** The new pods by name. */
  readonly pods: readonly string[]
  readonly observations: readonly Observation[]
  /** By pod. */
  readonly logs: Readonly<Record<string, readonly LogLine[]>>
}
