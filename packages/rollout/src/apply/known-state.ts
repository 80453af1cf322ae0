import { isDeepStrictEqual } from 'node:util'
import { isNodePool, pausedBy, referenceTo, type KubernetesObject } from '@prebake/manifests'
import { contentOf, sameTemplate } from '../observe/read-back.ts'
import { hasForeignBudgets } from '../pause/paused-document.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { Cluster } from '../ports/cluster.ts'
import { superseded, type Known } from './apply-unchanged.ts'
import { needsPause } from './needs-pause.ts'

/** The NodePools that a rollout pauses: whoever holds their pauses is the one that may change what runs on them. */
export function pausedPools(planned: readonly PlannedApply[]): readonly PlannedApply[] {
  return planned.filter(
    (each) => each.before !== undefined && needsPause(each, planned) && !hasForeignBudgets(each.manifest.document, each.before),
  )
}

/** Holds an object to what this run found, or has made of it itself. */
export function asFound({ before, found = before, after }: PlannedApply, run: string): Known {
  const owner = found?.metadata.annotations?.[pausedBy]
  return (live, again) => {
    const now = live.metadata.annotations?.[pausedBy]
    const isMade = again && now === owner && (after === undefined || isSame(live, after))
    if (now === run || isMade) return
    if (isNodePool(live) && now !== owner) throw superseded(live, now === undefined ? 'was changed by another run' : `was paused by ${now}`)
    if (found !== undefined && !isSame(live, found)) throw superseded(live, 'was changed by another client')
  }
}

/**
 * Holds an object that runs on paused NodePools to this run's pauses: another run that has taken one over decides from then on. @throws SupersededError.
 */
export async function checkPauses(
  planned: readonly PlannedApply[],
  run: string,
  cluster: Pick<Cluster, 'get'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { manifest } of pausedPools(planned)) {
    const pool = await cluster.get(referenceTo(manifest.document), signal)
    const owner = pool?.metadata.annotations?.[pausedBy]
    if (owner !== run) throw superseded(manifest.document, owner === undefined ? 'was changed by another run' : `was paused by ${owner}`)
  }
}

/** Holds an object to what was seen of it. @param made what this run makes of it. */
export function asSeen(seen: KubernetesObject | undefined, made: KubernetesObject): Known {
  return (live, again) => {
    if (seen === undefined || isSame(live, seen) || (again && isSame(live, made))) return
    throw superseded(live, 'was changed by another client')
  }
}

function isSame(live: KubernetesObject, known: KubernetesObject): boolean {
  const isPaused = [live, known].some(({ metadata }) => metadata.annotations?.[pausedBy] !== undefined)
  return sameTemplate(live, known) && isDeepStrictEqual(contentOf(live, isPaused), contentOf(known, isPaused))
}
