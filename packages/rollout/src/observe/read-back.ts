import { isDeepStrictEqual } from 'node:util'
import { ServiceError, waitFor, type Clock } from '@prebake/kernel'
import { pausedBy, referenceTo, specOf, titleOf, type KubernetesObject } from '@prebake/manifests'
import { observeObject } from './observe-object.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { Cluster } from '../ports/cluster.ts'

/** Whether an object is what it was before the rollout, what the rollout makes of it, or what another client has made of it since. */
export type Version = 'before' | 'after' | 'other'

/** A planned apply, and the object as it is now. */
export interface ReadBack extends PlannedApply {
  readonly live: KubernetesObject | undefined
  readonly version: Version
  /** Why `live` is only what is believed: the API server refuses the read. */
  readonly unread?: string
}

/** An API server that restarts, or a network that is away, is back by then. */
const outageLimitMs = 5 * 60_000

/**
 * Reads what a rollout planned to apply. An answer can be lost, so only the cluster knows what was applied. What is transient is waited out: an API server
 * that does not answer says nothing about its objects. What is refused for good is an error only where it matters: an object that the rollout does not change
 * is believed to be what it was, and a new one to be there, since nothing of it is restored.
 * @param limitMs 0: asks once.
 * @throws TimeoutError when the API server does not answer until then; CancelledError; whatever else a read throws.
 */
export async function readBack(
  planned: readonly PlannedApply[],
  ports: { readonly cluster: Pick<Cluster, 'get'>; readonly clock: Clock },
  signal: AbortSignal,
  limitMs = outageLimitMs,
): Promise<readonly ReadBack[]> {
  const objects: ReadBack[] = []
  for (const each of planned) {
    const { before, changes, after } = each
    try {
      const live = await readOne(each, ports, signal, limitMs)
      objects.push({ ...each, live, version: versionOf(live, each) })
    } catch (error) {
      if (!(error instanceof ServiceError) || error.transient || (changes && before !== undefined)) throw error
      objects.push({ ...each, live: before ?? after, version: before === undefined ? 'after' : 'before', unread: error.message })
    }
  }
  return objects
}

function readOne(
  { manifest: { document } }: PlannedApply,
  { cluster, clock }: { readonly cluster: Pick<Cluster, 'get'>; readonly clock: Clock },
  signal: AbortSignal,
  limitMs: number,
): Promise<KubernetesObject | undefined> {
  return waitFor<KubernetesObject | undefined>({
    awaited: `${titleOf(document)} to be read back`,
    limitMs,
    everyMs: 5000,
    clock,
    signal,
    poll: async () => {
      const observed = await observeObject(cluster, referenceTo(document), signal)
      return 'outage' in observed ? { state: observed.outage } : { value: observed.object }
    },
  })
}

/** An apply takes effect as a whole, so that where it changes the pod or node template, that alone tells. */
export function versionOf(
  live: KubernetesObject | undefined,
  { before, after, found }: Pick<PlannedApply, 'before' | 'after' | 'found'>,
): Version {
  if (live === undefined) return before === undefined ? 'before' : 'other'
  if (before === undefined) return 'after'
  if (live.metadata.uid !== before.metadata.uid) return 'other'
  // What an earlier rollout has left is as much to be rolled back as what this one makes.
  if (found !== undefined && sameTemplate(live, found)) return 'after'
  if (after !== undefined) {
    if (!sameTemplate(live, before) && !sameTemplate(live, after)) return 'other'
    if (!sameTemplate(before, after)) return sameTemplate(live, before) ? 'before' : 'after'
  }
  const isPaused = live.metadata.annotations?.[pausedBy] !== undefined
  return isDeepStrictEqual(contentOf(live, isPaused), contentOf(before, isPaused)) ? 'before' : 'after'
}

/** What pods or nodes are made from: of NodePools, Deployments, StatefulSets and Rollouts; of LeaderWorkerSets; of InferenceServices. */
const templates = ['template', 'leaderWorkerTemplate', 'predictor']

/** Whether two states of a workload or NodePool make the same pods or nodes. True for objects that make none. */
export function sameTemplate(one: KubernetesObject, other: KubernetesObject): boolean {
  return templates.every((name) => isDeepStrictEqual(specOf(one)[name], specOf(other)[name]))
}

/** What an object says, without what others write: status, annotations of controllers, replicas, owners of fields. */
export function contentOf(object: KubernetesObject, withoutDisruption: boolean): unknown {
  const { replicas: _replicas, disruption, ...spec } = specOf(object)
  const kept = withoutDisruption ? spec : { ...spec, disruption }
  return { ...object, status: undefined, metadata: object.metadata.labels ?? {}, spec: kept }
}
