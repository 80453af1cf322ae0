import type { Trouble } from '@prebake/kernel'
import type { LogLine, Observation } from '../ports/workload.ts'
import type { SeenTokens } from './first-tokens.ts'
import type { RunFacts } from './run-facts.ts'

export interface ScaleRequest {
  readonly deployment: string
  readonly namespace: string
  /** Ready replicas before the scale-up. */
  readonly from: number
  /** Requested replicas. */
  readonly to: number
  /** Limit for `from` to be Ready, and again for `to`, in milliseconds. */
  readonly timeoutMs: number
  /** Of the two completions that each new pod is asked for. Left out: none is. */
  readonly prompt?: string
}

/** The raw observations of one scale-up. */
export interface Measurement {
  readonly deployment: string
  readonly namespace: string
  readonly from: number
  readonly to: number
  readonly image: string
  /** On the runner's clock. */
  readonly scale: { readonly sentAt: Date; readonly answeredAt: Date }
  /** When the pods were last polled, on the runner's clock. */
  readonly endedAt: Date
  /** Whether the limit was reached before all new pods were Ready. */
  readonly timedOut: boolean
  /** Why they were not. */
  readonly trouble?: Trouble
  /** The new pods by name. */
  readonly pods: readonly string[]
  readonly observations: readonly Observation[]
  /** By pod. */
  readonly logs: Readonly<Record<string, readonly LogLine[]>>
  /** By pod. Left out where no completion was asked for. */
  readonly tokens?: Readonly<Record<string, SeenTokens>>
  /** What others did to the pods meanwhile. */
  readonly disturbed?: string
  /** Which run it is, where it is one of several. */
  readonly run?: Omit<RunFacts, 'nodes' | 'disturbed'>
}
