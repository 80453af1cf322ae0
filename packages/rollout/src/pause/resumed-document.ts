import { fieldsOf, pausedBy, pausedUntil, readField, servedBefore, specOf, type KubernetesObject } from '@prebake/manifests'
import { fieldsByUs } from '../restore/owned-fields.ts'
import type { Side } from './matching-version.ts'

/**
 * The document that ends a NodePool's pause without its manifest: what this project applied, with the budgets from before the pause, and with the node
 * template of one of the two versions.
 * @param former the NodePool as it was before the rollout that has paused it.
 */
export function resumedDocument(live: KubernetesObject, former: KubernetesObject, side: Side): KubernetesObject {
  const { apiVersion, kind } = live
  const { metadata: kept, spec, ...others } = fieldsByUs(live)
  const { [pausedBy]: _run, [pausedUntil]: _until, [servedBefore]: _before, ...annotations } = fieldsOf(readField(kept, 'annotations'))
  const metadata = { ...fieldsOf(kept), name: live.metadata.name, annotations } as KubernetesObject['metadata']
  const { budgets: _paused, ...disruption } = fieldsOf(readField(spec, 'disruption'))
  const budgets = readField(former, 'spec.disruption.budgets')
  return {
    ...others,
    apiVersion,
    kind,
    metadata,
    spec: {
      ...fieldsOf(spec),
      disruption: { ...disruption, ...(budgets === undefined ? {} : { budgets }) },
      ...(side === 'before' && { template: specOf(former)['template'] }),
    },
  }
}
