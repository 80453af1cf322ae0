import type { Ask } from './asking-cluster.ts'

export type Who = 'first' | 'second'

/**
 * How two rollouts share the time from where the second begins: one request each in turns; or one of them stands still, at the request where it is, until
 * the other has ended.
 */
export type Schedule = 'in turns' | 'the first stands still' | 'the second stands still'

export interface Turns {
  readonly first: Ask
  readonly second: Ask
  /** Called as a rollout ends: the other goes on alone. */
  readonly end: (who: Who) => void
}

/** @param begin of the first's requests, the one at which the second begins. @param still of the second's requests, the one at which it stands still. */
export function takeTurns(begin: number, startSecond: () => void, schedule: Schedule = 'in turns', still = 1): Turns {
  const counts = { first: 0, second: 0 }
  let turn: Who = 'first'
  const ended = new Set<Who>()
  // A rollout may ask several things at once.
  const waiting = { first: [] as (() => void)[], second: [] as (() => void)[] }
  const pass = (to: Who) => {
    turn = to
    waiting[to].shift()?.()
  }
  const mustWait = (me: Who): boolean => {
    if (schedule === 'in turns') return turn !== me
    if (schedule === 'the first stands still') return me === 'first'
    return me === 'second' && counts.second >= still
  }
  const asking =
    (me: Who, other: Who): Ask =>
    async (_name, send) => {
      counts[me] += 1
      if (me === 'first' && counts.first === begin) startSecond()
      const isShared = () => counts.first >= begin && !ended.has(other)
      if (isShared() && mustWait(me)) await new Promise<void>((resolve) => waiting[me].push(resolve))
      try {
        return await send()
      } finally {
        if (isShared() && schedule === 'in turns') pass(other)
      }
    }
  return {
    first: asking('first', 'second'),
    second: asking('second', 'first'),
    end: (who) => {
      ended.add(who)
      for (const wake of waiting[who === 'first' ? 'second' : 'first'].splice(0)) wake()
    },
  }
}
