/** A workload as the API of Kubernetes names it. */
export interface TroubledWorkload {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

/** Why the pods of a workload do not start, as rules judge it. */
export interface Trouble {
  /** Stable code of the likeliest cause. Left out where it is not certain, or only slows the start. */
  readonly code?: string
  /** What to do about that cause, as a sentence. */
  readonly remedy?: string
  /** Every cause for the log, the likeliest first; without `remedy`, which an error hands on as its hint. */
  readonly lines: readonly string[]
  /** The same for the job summary. */
  readonly markdown: string
}

/**
 * Port: explains why a workload that was waited for does not start, while its pods are still there. Rejects only when `signal` aborts.
 * @param said what the error says already, so that no line is said twice
 * @returns undefined where no cause is found, or where none can be looked for
 */
export type ExplainTrouble = (workload: TroubledWorkload, said: string, signal: AbortSignal) => Promise<Trouble | undefined>
