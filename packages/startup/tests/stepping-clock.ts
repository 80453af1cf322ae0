import { CancelledError, type Clock } from '@prebake/kernel'

export interface SteppingClock extends Clock {
  /** Does something when the clock comes to `ms` milliseconds from now. */
  after(ms: number, act: () => void): void
}

/** Whoever waits for what has just happened comes first. */
const heard = () => new Promise((resolve) => setImmediate(resolve))

/** A clock that stands still until a sleep: then it jumps from one planned act to the next. */
export function steppingClock(start: Date): SteppingClock {
  let nowMs = start.getTime()
  const plan: { readonly atMs: number; readonly act: () => void }[] = []
  return {
    now: () => new Date(nowMs),
    after: (ms, act) => void plan.push({ atMs: nowMs + ms, act }),
    async sleep(ms, signal) {
      const until = nowMs + ms
      for (;;) {
        const next = plan.filter(({ atMs }) => atMs <= until).toSorted((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined) break
        plan.splice(plan.indexOf(next), 1)
        nowMs = Math.max(nowMs, next.atMs)
        next.act()
        await heard()
        if (signal.aborted) throw new CancelledError()
      }
      nowMs = until
      await heard()
      if (signal.aborted) throw new CancelledError()
    },
  }
}
