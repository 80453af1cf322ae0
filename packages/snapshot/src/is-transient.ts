import { ServiceError } from '@prebake/kernel'

const throttled = /^(RequestLimitExceeded|Throttling|ThrottlingException|SnapshotCreationPerVolumeRateExceeded)$/

/** Whether the same request may succeed later: no answer came, the service is at fault, or it asks for patience. Any other refusal is final. */
export function isTransient(error: unknown): boolean {
  return error instanceof ServiceError && (error.status === undefined || error.status >= 500 || throttled.test(error.code))
}
