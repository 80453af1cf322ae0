import { conditionsOf, conditionWords } from './conditions.ts'
import { podPhase, podTrouble } from './describe-pods.ts'
import { listPods } from './list-pods.ts'
import { listReadable } from './list-readable.ts'
import { titleOf } from './manifest.ts'
import type { KubernetesObject } from './ports/cluster.ts'
import type { RollOutPorts } from './roll-out-request.ts'

/** So many lines of each sort: the newest tell the most. */
const most = 3

/**
 * Why a Deployment's pods do not get ready, from the outside in: its conditions, NodeClaims that do not become nodes, pods whose containers do not
 * run, and the newest warnings about them. Facts alone, one a line; what cannot be read is a line that says so.
 */
export async function explainFailure(
  deployment: KubernetesObject,
  nodePools: readonly string[],
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace } = deployment.metadata
  const pods = await listPods(deployment, cluster, signal)
  if ('unreadable' in pods) return [pods.unreadable]
  const unready = pods.items.filter((pod) => !['Ready', 'Terminating'].includes(podPhase(pod)))

  const claims =
    nodePools.length === 0 ? { items: [] } : await listReadable(cluster, { apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim' }, signal)
  const events = await listReadable(cluster, { apiVersion: 'v1', kind: 'Event', ...(namespace === undefined ? {} : { namespace }) }, signal)
  return [
    ...('unreadable' in claims ? [claims.unreadable] : claims.items.flatMap((claim) => claimTrouble(claim, nodePools)).slice(0, most)),
    ...unready.flatMap((pod) => (podTrouble(pod) === undefined ? [] : [`${titleOf(pod)}: ${podTrouble(pod)}`])).slice(0, most),
    ...('unreadable' in events ? [events.unreadable] : warnings(events.items, new Set(unready.map(({ metadata }) => metadata.name)))),
  ]
}

/** A NodeClaim goes through these one after the other; the first that is not True is where it hangs. */
const stages = ['Launched', 'Registered', 'Initialized']

function claimTrouble(claim: KubernetesObject, nodePools: readonly string[]): readonly string[] {
  if (!nodePools.includes(claim.metadata.labels?.['karpenter.sh/nodepool'] ?? '')) return []
  const conditions = conditionsOf(claim)
  const hanging = stages
    .map((stage) => conditions.find(({ type }) => type === stage))
    .find((condition) => condition !== undefined && condition.status !== 'True')
  return hanging === undefined ? [] : [`${titleOf(claim)}: ${conditionWords(hanging)}`]
}

interface EventFields {
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly involvedObject?: { readonly kind?: string; readonly name?: string }
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
}

function warnings(events: readonly KubernetesObject[], pods: ReadonlySet<string>): readonly string[] {
  const lines = events
    .map((event) => ({ ...(event as unknown as EventFields), createdAt: event.metadata.creationTimestamp ?? '' }))
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject?.kind === 'Pod' && pods.has(involvedObject.name ?? ''))
    // RFC 3339 in UTC, as the API server writes it, sorts as text.
    .map((event) => ({ ...event, time: event.lastTimestamp ?? event.eventTime ?? event.createdAt }))
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .map(({ reason, message, involvedObject }) => ({
      key: `${reason}: ${message}`,
      line: `Pod ${involvedObject?.name}: ${reason}: ${message}`,
    }))
  const newest = lines.filter(({ key }, index) => lines.findIndex((other) => other.key === key) === index)
  return newest.map(({ line }) => line).slice(0, most)
}
