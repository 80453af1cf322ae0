import type { Container } from '../objects.ts'

/** The first probe at or after `from` that runs at `startedAt` + delay + n × period (10 s where nothing is said). Milliseconds. */
function firstProbe(
  { initialDelaySeconds = 0, periodSeconds = 10 }: NonNullable<Container['startupProbe']>,
  startedAt: number,
  from: number,
): number {
  const first = startedAt + initialDelaySeconds * 1000
  const period = periodSeconds * 1000
  return from <= first ? first : first + Math.ceil((from - first) / period) * period
}

/**
 * When the kubelet finds a container ready that answers from `servingAt` on: with a startup probe at its first success, since the readiness probe then
 * runs at once; without any probe as soon as it runs. Probes that fail too often would restart the container: not built, a start is never that slow here.
 */
export function readyAt(
  { startupProbe, readinessProbe }: Pick<Container, 'startupProbe' | 'readinessProbe'>,
  startedAt: number,
  servingAt: number,
): number {
  const started = startupProbe ? firstProbe(startupProbe, startedAt, servingAt) : startedAt
  if (!readinessProbe) return started
  if (startupProbe) return Math.max(started, startedAt + (readinessProbe.initialDelaySeconds ?? 0) * 1000)
  return firstProbe(readinessProbe, startedAt, servingAt)
}
