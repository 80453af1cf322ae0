import { ServiceError } from '@prebake/kernel'
import type { LogLine } from '@prebake/startup'

// The text may contain carriage returns: a progress bar is one line.
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s

/**
 * Parses a log requested with `timestamps=true`: each line starts with an RFC 3339 time and a space. Lines without a time are the kubelet's own messages
 * about a log that it cannot read, and are skipped.
 */
export function parseLog(text: string): readonly LogLine[] {
  return text.split('\n').flatMap((line) => {
    const [, time, text = ''] = stamped.exec(line) ?? []
    return time === undefined ? [] : [{ time, text }]
  })
}

/** Whether there is no log: the kubelet says so (validateContainerLogStatus), or the pod is gone. For a pod without a node, the API server returns an empty log. */
export function hasNoLog(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false
  const messages = /is waiting to start|is not available|previous terminated container .* not found/
  return error.status === 404 || (error.status === 400 && messages.test(error.message))
}
