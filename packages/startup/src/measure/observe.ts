import type { Observation, ObservedKind, Workload } from '../ports/workload.ts'
import { leanObjects } from './lean-object.ts'

export interface Observer {
  /** All that has arrived so far. */
  readonly seen: readonly Observation[]
  /** @throws the error that ended the watch of the pods */
  readonly check: () => void
  /** Ends the watches. Never rejects. */
  readonly stop: () => Promise<void>
}

const kinds: readonly ObservedKind[] = ['Pod', 'Event', 'Node', 'NodeClaim']

/**
 * Watches everything about a start, until `stop` or an abort. Events are of the whole namespace, because the controllers' events show when a pod was
 * created. Only pods are required: without Karpenter, or without the permission, the other kinds' phases stay unattributed.
 * @param onLost called for each other kind that cannot be watched.
 * @param onSeen called with each observation as it arrives.
 */
export function observe(
  { namespace, podSelector }: { readonly namespace: string; readonly podSelector: string },
  workload: Workload,
  signal: AbortSignal,
  onLost: (kind: ObservedKind, error: unknown) => void,
  onSeen: (observation: Observation) => void = () => undefined,
): Observer {
  const stopping = new AbortController()
  const until = AbortSignal.any([signal, stopping.signal])
  const seen: Observation[] = []
  let broken: { readonly error: unknown } | undefined

  const follow = async (kind: ObservedKind) => {
    const lean = leanObjects()
    const query = {
      kind,
      ...((kind === 'Pod' || kind === 'Event') && { namespace }),
      ...(kind === 'Pod' && { labelSelector: podSelector }),
    }
    try {
      for await (const { object, ...change } of workload.watch(query, until)) {
        const observation = { ...change, object: lean(kind, object) }
        seen.push(observation)
        onSeen(observation)
      }
    } catch (error) {
      if (until.aborted) return
      if (kind === 'Pod') broken = { error }
      else onLost(kind, error)
    }
  }
  const ended = Promise.all(kinds.map(follow))

  return {
    seen,
    check() {
      if (broken) throw broken.error
    },
    async stop() {
      stopping.abort()
      await ended
    },
  }
}
