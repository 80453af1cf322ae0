import { CancelledError, type Clock } from '@prebake/kernel'
import type { ObjectReference } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'

/** Rings when an object has changed, so that whoever waits for it sees that at once and need not ask several times a second. */
export interface ChangeBell {
  /** Whether it would ring: not before the API server has told what is there, and not where it refuses to tell (a role without `watch`). */
  readonly listens: () => boolean
  /** Ends when it has rung since the last pause, at the earliest after 50 ms: changes come in bursts. At the latest after `ms`. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly stop: () => void
}

const shortestMs = 50

/** @param cluster only told changes of `reference`; whoever hears the bell looks for himself, so that a change that is not told is seen, if later. */
export function changeBell(cluster: Pick<Cluster, 'changes'>, reference: ObjectReference, clock: Clock): ChangeBell {
  const end = new AbortController()
  let listens = false
  let rung = Promise.withResolvers<void>()
  const listen = async () => {
    try {
      for await (const _ of cluster.changes(reference, end.signal)) {
        listens = true
        rung.resolve()
      }
    } catch {
      // What is wrong with the API server or with the rights is for the looks to say: they know what passes and what does not.
    }
    listens = false
  }
  void listen()

  return {
    listens: () => listens,
    async pause(ms, signal) {
      await clock.sleep(Math.min(ms, shortestMs), signal)
      const ended = new AbortController()
      const rest = clock.sleep(Math.max(0, ms - shortestMs), AbortSignal.any([signal, ended.signal])).catch(ignoreEnd)
      await Promise.race([rung.promise, rest])
      ended.abort()
      if (signal.aborted) throw new CancelledError()
      rung = Promise.withResolvers<void>()
    },
    stop: () => end.abort(),
  }
}

function ignoreEnd(error: unknown): void {
  if (!(error instanceof CancelledError)) throw error
}
