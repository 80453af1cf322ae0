import { isDeepStrictEqual } from 'node:util'
import { type DisruptionBudget, type KubernetesObject, nodePoolFields } from '@prebake/manifests'

/** On a NodePool while a rollout holds it: that rollout's run. */
export const heldBy = 'prebake.dev/held'

const noDrift: DisruptionBudget = { nodes: '0', reasons: ['Drifted'] }
/** What Karpenter's CRD fills in where nobody says anything, for all reasons. A list of one's own takes its place. */
const defaultBudgets: readonly DisruptionBudget[] = [{ nodes: '10%' }]

/**
 * The NodePool's document with its drift held: until the rollout has ended, Karpenter replaces no node because of what has just changed, and only
 * the Deployment's own surge moves pods. What the budgets say about other reasons stays.
 */
export function holdDocument(document: KubernetesObject, run: string): KubernetesObject {
  const { spec = {} } = nodePoolFields(document)
  const others = (spec.disruption?.budgets ?? defaultBudgets).flatMap((budget): DisruptionBudget[] => {
    const reasons = budget.reasons?.filter((reason) => reason !== 'Drifted')
    if (reasons === undefined) return [budget]
    return reasons.length > 0 ? [{ ...budget, reasons }] : []
  })
  return {
    ...document,
    metadata: { ...document.metadata, annotations: { ...document.metadata.annotations, [heldBy]: run } },
    spec: { ...spec, disruption: { ...spec.disruption, budgets: [...others, noDrift] } },
  }
}

/** Whether somebody else's budgets stand in a NodePool whose document has none: a hold would take them away for good. */
export function hasForeignBudgets(document: KubernetesObject, live: KubernetesObject): boolean {
  if (nodePoolFields(document).spec?.disruption?.budgets !== undefined || live.metadata.annotations?.[heldBy] !== undefined) return false
  const budgets = nodePoolFields(live).spec?.disruption?.budgets
  return budgets !== undefined && !isDeepStrictEqual(budgets, defaultBudgets)
}
