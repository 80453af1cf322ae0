import { isDeepStrictEqual } from 'node:util'
import {
  nodePoolFields,
  pausedBy,
  pausedUntil,
  servedBefore,
  specOf,
  type DisruptionBudget,
  type KubernetesObject,
} from '@prebake/manifests'

const noDrift: DisruptionBudget = { nodes: '0', reasons: ['Drifted'] }
/** What Karpenter's CRD fills in, for all reasons, where a NodePool has no budgets. A list of one's own replaces it. */
const defaultBudgets: readonly DisruptionBudget[] = [{ nodes: '10%' }]

/** Who pauses. */
export interface Pause {
  readonly run: string
  /** When that run is over at the latest, with its rollback and its cleanup. */
  readonly until: Date
}

/**
 * The NodePool's document with its drift paused: until the rollout has ended, Karpenter replaces no node because of what has just changed, and only
 * the Deployment's own surge moves pods. What the budgets say about other reasons stays.
 * @param before the NodePool that served before; its spec is kept on it while the pause lasts, with the budgets that it is to have after it.
 */
export function pausedDocument(document: KubernetesObject, { run, until }: Pause, before: KubernetesObject): KubernetesObject {
  const { spec = {} } = nodePoolFields(document)
  const others = (spec.disruption?.budgets ?? defaultBudgets).flatMap((budget): DisruptionBudget[] => {
    const reasons = budget.reasons?.filter((reason) => reason !== 'Drifted')
    if (reasons === undefined) return [budget]
    return reasons.length > 0 ? [{ ...budget, reasons }] : []
  })
  return {
    ...document,
    metadata: {
      ...document.metadata,
      annotations: {
        ...document.metadata.annotations,
        [pausedBy]: run,
        [pausedUntil]: until.toISOString(),
        [servedBefore]: JSON.stringify(formerSpec(before, document)),
      },
    },
    spec: { ...spec, disruption: { ...spec.disruption, budgets: [...others, noDrift] } },
  }
}

/** Where an earlier run has left a pause, the budgets are those of the manifest. */
function formerSpec(before: KubernetesObject, document: KubernetesObject): unknown {
  const isPaused = nodePoolFields(before).spec?.disruption?.budgets?.some((budget) => isDeepStrictEqual(budget, noDrift)) ?? false
  if (before.metadata.annotations?.[pausedBy] === undefined || !isPaused) return specOf(before)
  return { ...specOf(before), disruption: specOf(document)['disruption'] }
}

/** Whether a NodePool has budgets that another manager set and its document does not: a pause would remove them for good. */
export function hasForeignBudgets(document: KubernetesObject, live: KubernetesObject): boolean {
  if (nodePoolFields(document).spec?.disruption?.budgets !== undefined || live.metadata.annotations?.[pausedBy] !== undefined) return false
  const budgets = nodePoolFields(live).spec?.disruption?.budgets
  return budgets !== undefined && !isDeepStrictEqual(budgets, defaultBudgets)
}
