import type { SimulatedClock } from '../core/world.ts'

/** What is going to happen, in simulated time. */
export interface Agenda {
  /** Milliseconds since 1970. While an entry runs: the time it was planned for, so that no stamp shows how late a timer was. */
  now(): number
  after(seconds: number, run: () => void): void
  /** As `after`, but once only for each name, until it has run. */
  soon(name: string, seconds: number, run: () => void): void
  /** Runs what is due: first thing in every request, so that it sees no past that has not happened yet. */
  catchUp(): void
  stop(): void
  stopped(): boolean
}

interface Entry {
  readonly at: number
  readonly run: () => void
}

/** More entries at one moment can only be one that plans itself again: that would hang everything, and is an error instead. */
const busiestMoment = 10_000

/** Entries run in the order of their planned times, however late the machine is: the same seed gives the same story at every rate. */
export function createAgenda(clock: SimulatedClock): Agenda {
  const entries: Entry[] = []
  const pending = new Set<string>()
  let current: number | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const now = () => current ?? clock.now().getTime()

  const arm = () => {
    clearTimeout(timer)
    const [first] = entries
    if (first && !ended) timer = setTimeout(catchUp, Math.max(0, clock.realMs((first.at - clock.now().getTime()) / 1000))).unref()
  }

  const catchUp = () => {
    if (current !== undefined) return
    const until = clock.now().getTime()
    let [moment, count] = [0, 0]
    for (let next = entries[0]; next && next.at <= until && !ended; next = entries[0]) {
      entries.shift()
      count = next.at === moment ? count + 1 : 0
      moment = next.at
      if (count > busiestMoment) throw new Error('the simulated cluster plans for the same moment again and again')
      current = next.at
      try {
        next.run()
      } catch (error) {
        process.stderr.write(`simulator: kubernetes: ${String((error as Error)?.stack ?? error)}\n`)
      }
      current = undefined
    }
    arm()
  }

  const after = (seconds: number, run: () => void) => {
    if (ended) return
    const at = now() + seconds * 1000
    const later = entries.findIndex((entry) => entry.at > at)
    entries.splice(later === -1 ? entries.length : later, 0, { at, run })
    if (current === undefined) arm()
  }

  return {
    now,
    after,
    soon(name, seconds, run) {
      if (pending.has(name)) return
      pending.add(name)
      after(seconds, () => {
        pending.delete(name)
        run()
      })
    },
    catchUp,
    stop() {
      ended = true
      clearTimeout(timer)
      entries.length = 0
    },
    stopped: () => ended,
  }
}
