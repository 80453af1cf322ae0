import { isNodePool, pausedBy, titleOf, type KubernetesObject } from '@prebake/manifests'
import { applyUnchanged, superseded, type Known } from '../apply/apply-unchanged.ts'
import { asSeen, checkPauses, pausedPools } from '../apply/known-state.ts'
import type { ReadBack } from '../observe/read-back.ts'
import { applyPaused } from '../pause/apply-paused.ts'
import { formerDocument } from '../restore/former-document.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { changesMade, type ChangedObject } from './changed-objects.ts'

/**
 * Applies what each changed object was, in the order in which they were changed: first the NodePool, whose one document switches back, then what runs
 * on it. NodePools stay paused until the caller has verified that everything serves again. What the API server refuses in a dry run keeps all as it is.
 * @param read all objects of the rollout, as they were read back.
 * @returns the changed ones as they then are. @throws SupersededError where another client or run has changed one since; ServiceError.
 */
export async function rollBack(
  read: readonly ReadBack[],
  { run, force }: { readonly run: string; readonly force: boolean },
  ports: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { changed } = changesMade(read)
  const taken = changed.find(({ live, version }) => live === undefined || version === 'other')
  if (taken !== undefined) {
    const hint = 'Find out who else deploys it.'
    throw new SupersededError(`Roll back ${titleOf(taken.before)}: another client changed or deleted it meanwhile.`, { hint })
  }
  const former: KubernetesObject[] = []
  for (const each of changed) former.push(await formerDocument(each, force, ports, signal))
  const objects: KubernetesObject[] = []
  for (const [index, document] of former.entries()) {
    const each = changed[index]
    if (each === undefined) continue
    const known = stillOurs(each, read, run, ports, signal)
    objects.push(
      isNodePool(document)
        ? await applyPaused(document, { before: each.before, known }, { run, force }, ports, signal)
        : await applyUnchanged(document, { known, force }, ports, signal),
    )
    ports.reporter.info(`${titleOf(document)} rolled back`)
  }
  return objects
}

/** Holds an object to what was read back of it, and its NodePools to this run's pauses. */
function stillOurs(
  each: ChangedObject,
  read: readonly ReadBack[],
  run: string,
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Known {
  const seen = asSeen(each.live, each.before)
  if (!isNodePool(each.before)) {
    return async (live, again) => {
      await checkPauses(read, run, cluster, signal)
      await seen(live, again)
    }
  }
  const isPausedByUs = pausedPools(read).some(({ manifest }) => manifest === each.manifest)
  return (live, again) => {
    if (isPausedByUs && live.metadata.annotations?.[pausedBy] !== run) throw superseded(live, 'was changed by another run')
    return seen(live, again)
  }
}
