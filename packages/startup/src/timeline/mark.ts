/** The moments that a start passes through, in the order in which it does. */
export const markIds = [
  'scale.sent',
  'scale.answered',
  'pod.created',
  'nominated',
  'launched',
  'registered',
  'node.ready',
  'gpu.allocatable',
  'bound',
  'accepted',
  'sandbox.ready',
  'initialized',
  'pulling',
  'pulled',
  'started',
  'restarted',
  'log.first',
  'served',
  'ready',
  'observed.end',
] as const

export type MarkId = (typeof markIds)[number]

/** Whose clock a stamp was read from. The parts of the control plane share their machines' time. */
export type ClockName = 'runner' | 'control plane' | 'node'

/** One moment as a signal reported it. What happened lies between `earliestMs` and `latestMs`, most likely at `atMs`; all since 1970. */
export interface Mark {
  readonly id: MarkId
  readonly atMs: number
  readonly earliestMs: number
  readonly latestMs: number
  readonly clock: ClockName
  /** Where it was read, for people: "event Pulled (name)". */
  readonly source: string
}

/** A time without the moment that it stands for. */
export type Stamp = Omit<Mark, 'id'>

/** The stamp as another clock would show it. */
export function shiftStamp<T extends Pick<Stamp, 'atMs' | 'earliestMs' | 'latestMs'>>(stamp: T, ms: number): T {
  const { atMs, earliestMs, latestMs } = stamp
  return ms === 0 ? stamp : { ...stamp, atMs: atMs + ms, earliestMs: earliestMs + ms, latestMs: latestMs + ms }
}

/** A stamp finer than a microsecond. */
export function exactStamp(atMs: number, clock: ClockName, source: string): Stamp {
  return { atMs, earliestMs: atMs, latestMs: atMs, clock, source }
}

/** Kubernetes' `metav1.Time` cuts off the fraction: the moment lies in the second that begins with the stamp. */
export function secondStamp(atMs: number, clock: ClockName, source: string): Stamp {
  return { atMs, earliestMs: atMs, latestMs: atMs + 1000, clock, source }
}
