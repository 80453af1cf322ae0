/** A failure to inject: which requests, and what happens to them. */
export interface Fault {
  readonly server: string
  /** The operation's name or a beginning of it, as the journal shows it, or a pattern for its name. */
  readonly operation: string | RegExp
  /** The first matching request that it hits, counted from 1 (default 1). */
  readonly from?: number
  /** How many in a row it hits (default 1); Infinity for all that follow. */
  readonly times?: number
  readonly effect: FaultEffect
}

export type FaultEffect =
  /** The server answers with this error, in its own error format. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message: string }
  /** The connection is reset before the request has taken effect, or after it: then the answer is lost. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** No answer ever comes, before (or after) the request has taken effect. */
  | { readonly kind: 'hang'; readonly after?: boolean }
  /** The answer comes later, in simulated seconds. */
  | { readonly kind: 'delay'; readonly seconds: number }
  /** The body breaks off after so many bytes. */
  | { readonly kind: 'truncate'; readonly bytes: number }

/** A request as a fault may look at it. */
export interface FaultedRequest {
  readonly server: string
  readonly operation: string
  readonly parameters: unknown
}

/** Says what each request of each server meets; asked once per request, in the order of their arrival. */
export type FaultPlan = (request: FaultedRequest) => FaultEffect | undefined

/** Hands out the effect, if any, that a request meets; each call counts the request. Faults that are added to the list later count from then on. */
export function scriptFaults(faults: readonly Fault[]): FaultPlan {
  const seen = new Map<Fault, number>()
  return ({ server, operation }) => {
    let effect: FaultEffect | undefined
    for (const fault of faults) {
      if (fault.server !== server || !matches(fault.operation, operation)) continue
      const count = (seen.get(fault) ?? 0) + 1
      seen.set(fault, count)
      const first = fault.from ?? 1
      if (count >= first && count < first + (fault.times ?? 1)) effect ??= fault.effect
    }
    return effect
  }
}

const matches = (wanted: string | RegExp, operation: string): boolean =>
  typeof wanted === 'string' ? operation.startsWith(wanted) : wanted.test(operation)
