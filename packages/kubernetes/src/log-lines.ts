import { ServiceError } from '@prebake/kernel'
import type { LogLine } from '@prebake/startup'

// The text may hold carriage returns: progress bars are one line.
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s

/**
 * A log that was asked for with `timestamps=true`: each line begins with an RFC 3339 time and a space. Lines without one are the kubelet's own words
 * about a log that it cannot read, and left out.
 */
export function parseLog(text: string): readonly LogLine[] {
  return text.split('\n').flatMap((line) => {
    const [, time, text = ''] = stamped.exec(line) ?? []
    return time === undefined ? [] : [{ time, text }]
  })
}

/** The words of the kubelet (validateContainerLogStatus), or the pod went away. A pod on no node has an empty log, as the API server says. */
export function hasNoLog(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false
  const words = /is waiting to start|previous terminated container .* not found/
  return error.status === 404 || (error.status === 400 && words.test(error.message))
}
