import type { KubernetesObject } from '@prebake/manifests'

interface EventFields {
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly involvedObject?: { readonly kind?: string; readonly name?: string }
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
}

/** The newest warnings about these objects, each text once: `Pod vllm-1: FailedScheduling: 0/4 nodes are available`. */
export function warningLines(
  events: readonly KubernetesObject[],
  isAbout: (kind: string, name: string, reason: string) => boolean,
  most: number,
): readonly string[] {
  const lines = events
    .map((event) => ({ ...(event as unknown as EventFields), createdAt: event.metadata.creationTimestamp ?? '' }))
    .filter(
      ({ type, reason = '', involvedObject }) =>
        type === 'Warning' && isAbout(involvedObject?.kind ?? '', involvedObject?.name ?? '', reason),
    )
    // RFC 3339 in UTC, as the API server writes it, sorts as text.
    .map((event) => ({ ...event, time: event.lastTimestamp ?? event.eventTime ?? event.createdAt }))
    .toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .map(({ reason, message, involvedObject }) => ({
      key: `${reason}: ${message}`,
      line: `${involvedObject?.kind} ${involvedObject?.name}: ${reason}: ${message}`,
    }))
  const newest = lines.filter(({ key }, index) => lines.findIndex((other) => other.key === key) === index)
  return newest.map(({ line }) => line).slice(0, most)
}
