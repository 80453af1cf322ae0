import { CancelledError, type Clock } from '@prebake/kernel'
import type { ObjectReference } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'

/** Wakes a wait when an object has changed, so that the change is seen at once without polling several times a second. */
export interface ChangeNotifier {
  /** Whether changes are reported: not before the API server has sent the present state, and not where it refuses (a role without `watch`). */
  readonly isActive: () => boolean
  /** Ends when something has changed since the last pause, after 50 ms at the earliest, because changes come in bursts; after `ms` at the latest. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly stop: () => void
}

const shortestMs = 50

/** @param cluster reports only that `reference` has changed: the wait polls the object itself, so a change that is not reported is seen all the same. */
export function changeNotifier(cluster: Pick<Cluster, 'changes'>, reference: ObjectReference, clock: Clock): ChangeNotifier {
  const end = new AbortController()
  let active = false
  let changed = Promise.withResolvers<void>()
  const watch = async () => {
    try {
      for await (const _ of cluster.changes(reference, end.signal)) {
        active = true
        changed.resolve()
      }
    } catch {
      // The polls report what is wrong with the API server or with permissions: they know what is transient.
    }
    active = false
  }
  void watch()

  return {
    isActive: () => active,
    async pause(ms, signal) {
      await clock.sleep(Math.min(ms, shortestMs), signal)
      const ended = new AbortController()
      const rest = clock.sleep(Math.max(0, ms - shortestMs), AbortSignal.any([signal, ended.signal])).catch(ignoreEnd)
      await Promise.race([changed.promise, rest])
      ended.abort()
      if (signal.aborted) throw new CancelledError()
      changed = Promise.withResolvers<void>()
    },
    stop: () => end.abort(),
  }
}

function ignoreEnd(error: unknown): void {
  if (!(error instanceof CancelledError)) throw error
}
