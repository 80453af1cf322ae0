import { InputError, systemClock, type Clock } from '@prebake/kernel'
import type { ActionErrorCode } from './error-codes.ts'

/** The machine's clock. A simulation sets PREBAKE_CLOCK_RATE to shorten waits, and PREBAKE_CLOCK_ORIGIN so that its timestamps agree with ours. */
export function environmentClock(env: NodeJS.ProcessEnv): Clock {
  const text = env['PREBAKE_CLOCK_RATE']
  if (!text) return systemClock()
  const rate = Number(text)
  if (!Number.isFinite(rate) || rate <= 0) {
    const code = 'clock-rate-malformed' satisfies ActionErrorCode
    throw new InputError([
      { code, input: 'PREBAKE_CLOCK_RATE', wrong: `\`${text}\` is not a positive number.`, remedy: 'Leave it unset outside a simulation.' },
    ])
  }
  return systemClock(rate, Number(env['PREBAKE_CLOCK_ORIGIN']) || Date.now())
}

/** Whether the run is a simulation, whose durations are not real. */
export function isSimulated(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['PREBAKE_CLOCK_RATE'])
}
