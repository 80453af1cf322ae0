import { isNodePool, titleOf, type KubernetesObject } from '@prebake/manifests'
import { applyPaused } from '../pause/apply-paused.ts'
import { formerDocument } from '../restore/former-document.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import type { ChangedObject } from './changed-objects.ts'

/**
 * Applies what each changed object was, in the order in which they were changed: first the NodePool, whose one document switches back, then what runs
 * on it. NodePools stay paused until the caller has verified that everything serves again. What the API server refuses in a dry run keeps all as it is.
 * @returns the objects as they then are. @throws SupersededError where another client has changed one since; ServiceError.
 */
export async function rollBack(
  changed: readonly ChangedObject[],
  { run, force }: { readonly run: string; readonly force: boolean },
  ports: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { cluster, reporter } = ports
  const taken = changed.find(({ live, version }) => live === undefined || version === 'other')
  if (taken !== undefined) {
    const hint = 'Find out who else deploys it.'
    throw new SupersededError(`Roll back ${titleOf(taken.before)}: another client changed or deleted it meanwhile.`, { hint })
  }
  const former: KubernetesObject[] = []
  for (const each of changed) former.push(await formerDocument(each, force, ports, signal))
  const objects: KubernetesObject[] = []
  for (const [index, document] of former.entries()) {
    objects.push(
      isNodePool(document)
        ? await applyPaused(document, changed[index]?.before ?? document, { run, force }, cluster, signal)
        : await cluster.apply(document, { dryRun: false, force }, signal),
    )
    reporter.info(`${titleOf(document)} rolled back`)
  }
  return objects
}
