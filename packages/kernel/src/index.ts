export { systemClock, type Clock } from './clock.ts'
export { documentLink, resolveDocumentLinks, type DocumentPath } from './document-link.ts'
export {
  CancelledError,
  InputError,
  messageOf,
  PrebakeError,
  ServiceError,
  TimeoutError,
  type PrebakeErrorOptions,
  type Problem,
} from './errors.ts'
export { mapConcurrently } from './map-concurrently.ts'
export { nearestName } from './nearest-name.ts'
export type { FilePlace, Reporter } from './reporter.ts'
export { onRequest, timedRequest, type SentRequest } from './request-log.ts'
export type { ExplainTrouble, Trouble, TroubledWorkload } from './trouble.ts'
export { waitFor, type Poll, type WaitOptions } from './wait-for.ts'
