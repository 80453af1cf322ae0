import type { Clock } from '@prebake/kernel'
import type { Observation } from '../ports/workload.ts'
import { involved } from '../timeline/event-stamp.ts'
import { trueCondition, type EventObject, type PodObject } from '../timeline/observed-objects.ts'

/** Of the events of a start the last ones of their recorders (kube-scheduler, kubelet): what each of these wrote before has arrived with them. */
const lastEvents = ['Scheduled', 'Started'] as const

const shortMs = 100

/** What has arrived of the new pods, counted as it arrives: with hundreds of pods none may be looked through at each piece of news. */
export interface Arrivals {
  readonly onSeen: (observation: Observation) => void
  /** From here on, pods that are not among these are new. */
  readonly begin: (before: ReadonlySet<string>) => void
  /** Waits, or less where so many new pods are Ready before. */
  readonly pauseUntilReady: (count: number, ms: number, clock: Clock, signal: AbortSignal) => Promise<void>
  /** Whether every new pod that is Ready has its last events. */
  readonly areComplete: () => boolean
}

export function countArrivals(): Arrivals {
  const ready = new Set<string>()
  const events = new Map<string, Set<string>>()
  let old: ReadonlySet<string> | undefined
  let wake: (() => void) | undefined
  return {
    onSeen({ kind, type, object }) {
      if (kind === 'Event') {
        const event = object as EventObject
        const { uid = '' } = involved(event)
        if (lastEvents.some((reason) => reason === event.reason)) events.set(uid, (events.get(uid) ?? new Set()).add(event.reason ?? ''))
      }
      const { uid } = object.metadata
      if (kind !== 'Pod' || old === undefined || old.has(uid)) return
      const isReady = type !== 'DELETED' && trueCondition((object as PodObject).status?.conditions, 'Ready') !== undefined
      if (isReady) ready.add(uid)
      else ready.delete(uid)
      wake?.()
    },
    begin: (before) => void (old = before),
    async pauseUntilReady(count, ms, clock, signal) {
      const early = new AbortController()
      wake = () => ready.size >= count && early.abort()
      try {
        await clock.sleep(ready.size < count ? ms : Math.min(ms, shortMs), AbortSignal.any([signal, early.signal]))
      } catch (error) {
        if (signal.aborted || !early.signal.aborted) throw error
      } finally {
        wake = undefined
      }
    },
    areComplete: () => [...ready].every((uid) => events.get(uid)?.size === lastEvents.length),
  }
}
