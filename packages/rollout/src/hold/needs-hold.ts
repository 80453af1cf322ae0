import { isDeepStrictEqual } from 'node:util'
import type { PlannedApply } from '../check-cluster.ts'
import { isNodeClass, isNodePool, nodeClassOf, nodePoolFields } from '@prebake/manifests'
import { heldBy } from './hold-document.ts'

/**
 * Whether applying makes the NodePool's nodes drift: its template changes, or the EC2NodeClass that it names does. A hold that another run has left
 * behind is taken over, so that it ends with this one.
 */
export function needsHold({ manifest, before, after }: PlannedApply, planned: readonly PlannedApply[]): boolean {
  if (!isNodePool(manifest.document) || before === undefined) return false
  if (before.metadata.annotations?.[heldBy] !== undefined) return true
  const changed = after === undefined || !isDeepStrictEqual(nodePoolFields(before).spec?.template, nodePoolFields(after).spec?.template)
  return changed || changesInPlace(before, planned) !== undefined
}

/** The EC2NodeClass that the NodePool's nodes are made from now, if it is among the manifests and changes under its name. */
export function changesInPlace(nodePool: NonNullable<PlannedApply['before']>, planned: readonly PlannedApply[]): PlannedApply | undefined {
  return planned.find(
    ({ manifest: { document }, before, changes }) =>
      isNodeClass(document) && changes && before !== undefined && document.metadata.name === nodeClassOf(nodePool),
  )
}
