import { isNodeClass, isNodePool, nodeClassOf, pausedBy, type KubernetesObject } from '@prebake/manifests'
import { sameTemplate } from '../observe/read-back.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'

/**
 * Whether applying makes the NodePool's nodes drift: its template changes, or the EC2NodeClass that it refers to does. A pause that another run has
 * left behind is taken over, so that it ends with this one.
 */
export function needsPause({ manifest, before, after }: PlannedApply, planned: readonly PlannedApply[]): boolean {
  if (!isNodePool(manifest.document) || before === undefined) return false
  if (before.metadata.annotations?.[pausedBy] !== undefined) return true
  const changed = after === undefined || !sameTemplate(before, after)
  return changed || changesInPlace(before, planned)
}

/** Whether the EC2NodeClass that the NodePool's nodes are made from now is among the manifests and changes under its name. */
export function changesInPlace(nodePool: KubernetesObject, planned: readonly PlannedApply[]): boolean {
  return planned.some(
    ({ manifest: { document }, before, changes }) =>
      isNodeClass(document) && changes && before !== undefined && document.metadata.name === nodeClassOf(nodePool),
  )
}
