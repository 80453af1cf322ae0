import { isDeepStrictEqual } from 'node:util'
import { isNodePool, referenceTo, specOf, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { DriftPauses } from '../pause/drift-pauses.ts'
import { dryRun } from '../plan/dry-run.ts'
import { previousDocument } from '../restore/previous-document.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import type { ChangedObject } from './changed-objects.ts'

/**
 * Applies what each changed object was, in the order in which they were changed: first the NodePool, whose one document switches back, then what runs
 * on it. NodePools stay paused until the caller has verified that everything serves again.
 * @returns the objects as they then are. @throws SupersededError where another client has changed one since.
 */
export async function rollBack(
  changed: readonly ChangedObject[],
  { pauses, force }: { readonly pauses: DriftPauses; readonly force: boolean },
  ports: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { cluster, reporter } = ports
  const objects: KubernetesObject[] = []
  for (const { manifest, before, object } of changed) {
    const title = titleOf(object)
    const live = await cluster.get(referenceTo(object), signal)
    if (live === undefined || live.metadata.uid !== object.metadata.uid || !hasSameTemplate(live, object)) {
      const hint = 'Find out who else deploys it.'
      throw new SupersededError(`Roll back ${title}: another client changed or deleted it meanwhile.`, { hint })
    }
    const previous = { before, document: manifest.document, live }
    const byField = previousDocument(previous)
    const tried = await dryRun(byField, force, ports, signal)
    const document = tried === undefined || restores(tried, before) ? byField : previousDocument(previous, true)
    objects.push(
      isNodePool(object) ? await pauses.apply(document, force, signal) : await cluster.apply(document, { dryRun: false, force }, signal),
    )
    reporter.info(`${title} rolled back`)
  }
  return objects
}

function hasSameTemplate(one: KubernetesObject, other: KubernetesObject): boolean {
  return isDeepStrictEqual(specOf(one)['template'], specOf(other)['template'])
}

/** Whether both say the same, apart from field owners, replicas, and what a pause changes. */
function restores(one: KubernetesObject, other: KubernetesObject): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other))
}

function contentOf(object: KubernetesObject): unknown {
  const { replicas: _replicas, disruption: _disruption, ...spec } = specOf(object)
  return { ...object, status: undefined, metadata: object.metadata.labels, spec }
}
