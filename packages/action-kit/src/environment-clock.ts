import { InputError, systemClock, type Clock } from '@prebake/kernel'

/** The machine's clock; a simulation sets PREBAKE_CLOCK_RATE, to have waits pass that many times faster, and PREBAKE_CLOCK_ORIGIN, so that its stamps and ours agree. */
export function environmentClock(env: NodeJS.ProcessEnv): Clock {
  const text = env['PREBAKE_CLOCK_RATE']
  if (!text) return systemClock()
  const rate = Number(text)
  if (!Number.isFinite(rate) || rate <= 0) {
    throw new InputError([
      { input: 'PREBAKE_CLOCK_RATE', wrong: `\`${text}\` is not a positive number.`, remedy: 'Leave it unset outside a simulation.' },
    ])
  }
  return systemClock(rate, Number(env['PREBAKE_CLOCK_ORIGIN']) || Date.now())
}

/** Whether the run is a simulation, whose seconds say nothing about the world. */
export function isSimulated(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['PREBAKE_CLOCK_RATE'])
}
