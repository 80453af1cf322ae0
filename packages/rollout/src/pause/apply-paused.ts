import type { KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import { pausedDocument } from './paused-document.ts'

/** Applies a NodePool's document with its drift paused by this run. @param before as it served before the run. */
export function applyPaused(
  document: KubernetesObject,
  before: KubernetesObject,
  { run, force }: { readonly run: string; readonly force: boolean },
  cluster: Pick<Cluster, 'apply'>,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  return cluster.apply(pausedDocument(document, run, before), { dryRun: false, force }, signal)
}
