export { systemClock, type Clock } from './clock.ts'
export { CancelledError, InputError, PrebakeError, ServiceError, TimeoutError, type Problem } from './errors.ts'
export type { Reporter } from './reporter.ts'
export { waitFor, type Look, type WaitOptions } from './wait-for.ts'
