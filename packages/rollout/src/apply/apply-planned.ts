import { CancelledError, PrebakeError, ServiceError } from '@prebake/kernel'
import { isNodeClass, isNodePool, pausedBy, placeOf, sameContent, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { applyPaused } from '../pause/apply-paused.ts'
import { hasForeignBudgets } from '../pause/paused-document.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import { previousDocument } from '../restore/previous-document.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { waitForReady } from '../wait/wait-for-ready.ts'
import { SupersededError } from '../rollout-errors.ts'
import { applyUnchanged, type Known } from './apply-unchanged.ts'
import { asFound, checkPauses, pausedPools } from './known-state.ts'
import { changesInPlace, needsPause } from './needs-pause.ts'

/** An object as the server returned it right after it was applied, and as it was before. */
export interface Applied extends PlannedApply {
  readonly object: KubernetesObject
  readonly changed: boolean
}

export interface ApplyOptions {
  readonly run: string
  readonly force: boolean
  readonly remainingMs: () => number
  /** Called with each object as soon as its answer has come. */
  readonly onApplied: (applied: Applied) => void
}

/**
 * Applies what changes, one document after the other. NodeClasses come first and must become Ready before anything refers to them: a snapshot that
 * cannot be used never reaches the NodePool. Then the NodePool, whose one document is the switch, with its drift paused; then what runs on it.
 * What another client or run changes meanwhile is left alone: an object is applied only while it is what was found, and on paused NodePools only while the
 * pauses are this run's.
 * @throws SupersededError where it is not; PrebakeError that names what was applied before, since the dry run accepted this document and now it was refused.
 */
export async function applyPlanned(
  planned: readonly PlannedApply[],
  options: ApplyOptions,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<readonly Applied[]> {
  const applied: Applied[] = []
  const apply = async (each: PlannedApply) => {
    const one = await applyOne(each, planned, applied, options, ports, signal)
    applied.push(one)
    options.onApplied(one)
  }
  const classes = planned.findLastIndex(({ manifest }) => isNodeClass(manifest.document)) + 1
  await pauseAhead(planned, options, ports, signal)
  for (const each of planned.slice(0, classes)) await apply(each)
  for (const { object } of applied.filter(({ object }) => isNodeClass(object)))
    await waitForReady(object, options.remainingMs(), ports, signal)
  for (const each of planned.slice(classes)) await apply(each)
  return applied
}

/** A NodeClass that changes under its name makes nodes drift at once: its NodePool, as it still is, is paused before. */
async function pauseAhead(
  planned: readonly PlannedApply[],
  options: ApplyOptions,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<void> {
  for (const each of planned) {
    const { manifest, before } = each
    if (before === undefined || !needsPause(each, planned) || !changesInPlace(before, planned)) continue
    if (hasForeignBudgets(manifest.document, before)) continue
    const asItIs = previousDocument({ before, document: manifest.document, live: before })
    await applyPaused(asItIs, { before, known: asFound(each, options.run) }, options, ports, signal)
  }
}

async function applyOne(
  each: PlannedApply,
  planned: readonly PlannedApply[],
  earlier: readonly Applied[],
  options: ApplyOptions,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<Applied> {
  const { force, run } = options
  const { cluster, reporter } = ports
  const { manifest, before, changes, found = before } = each
  const { document } = manifest
  const title = titleOf(document)
  let paused = needsPause(each, planned)
  if (paused && before !== undefined && hasForeignBudgets(document, before)) {
    const fix = 'Give `spec.disruption.budgets` in its manifest.'
    reporter.warning(`Drift on ${title} was not paused: its disruption budgets are owned by another manager. ${fix}`)
    paused = false
  }
  if (before !== undefined && !changes && !paused) {
    reporter.info(`${title} unchanged`)
    return { ...each, object: found ?? before, changed: false }
  }
  try {
    const known = knownState(each, planned, run, ports, signal)
    const object =
      before === undefined
        ? await cluster.apply(document, { dryRun: false, force }, signal)
        : paused
          ? await applyPaused(document, { before, known }, options, ports, signal)
          : await applyUnchanged(document, { known, force }, ports, signal)
    const changed = before === undefined || (paused ? changes : !sameContent(found ?? before, object))
    const verb = before === undefined ? 'created' : changed ? 'changed' : 'unchanged'
    reporter.info(`${title} ${verb}${paused ? ', drift paused until the rollout has ended' : ''}`)
    return { ...each, object, changed }
  } catch (cause) {
    if (cause instanceof CancelledError || cause instanceof SupersededError) throw cause
    const names = earlier.map(({ object }) => titleOf(object)).join(', ') || 'nothing'
    const failed = cause instanceof ServiceError && !cause.transient ? 'refused' : 'failed'
    throw new PrebakeError(`Apply ${title} (${placeOf(manifest)}): ${failed}. Applied before: ${names}.`, {
      code: 'apply-failed' satisfies RolloutErrorCode,
      cause,
      ...(!(cause instanceof PrebakeError && cause.hint) && { hint: 'Fix what the API server reports, then re-run the job.' }),
    })
  }
}

/** What has to be so for a document to be applied: the pauses are this run's, and where none was taken over from a run before, the object is as found. */
function knownState(
  each: PlannedApply,
  planned: readonly PlannedApply[],
  run: string,
  { cluster }: RollOutPorts,
  signal: AbortSignal,
): Known {
  const found = asFound(each, run)
  if (isNodePool(each.manifest.document)) return found
  const takenOver = pausedPools(planned).some(({ before, found: left = before }) => left?.metadata.annotations?.[pausedBy] !== undefined)
  const isAfterPools = planned.findLastIndex(({ manifest }) => isNodePool(manifest.document)) < planned.indexOf(each)
  return async (live, again) => {
    if (isAfterPools) await checkPauses(planned, run, cluster, signal)
    if (!isAfterPools || !takenOver) await found(live, again)
  }
}
