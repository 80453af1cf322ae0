import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { PlannedApply } from './check-cluster.ts'
import { hasForeignBudgets } from './hold/hold-document.ts'
import type { Holds } from './hold/holds.ts'
import { changesInPlace, needsHold } from './hold/needs-hold.ts'
import { isNodeClass, type KubernetesObject, placeOf, sameContent, titleOf } from '@prebake/manifests'
import { awaitReady } from './prove/await-ready.ts'
import { previousDocument } from './put-back/previous-document.ts'
import type { RollOutPorts } from './roll-out-request.ts'

/** An object as the server had it right after it was applied, and as it was before. */
export interface Applied extends PlannedApply {
  readonly object: KubernetesObject
  readonly changed: boolean
}

export interface Applying {
  readonly force: boolean
  readonly holds: Holds
  readonly remainingMs: () => number
  /** Told each object as soon as it is applied, so that what fails in the middle can be undone. */
  readonly onApplied: (applied: Applied) => void
}

/**
 * Applies what changes, one document after the other. NodeClasses come first and must get Ready before anything refers to them: a snapshot that cannot
 * be used never reaches the NodePool. Then the NodePool, whose one document is the switch, held; then what runs on it.
 * @throws PrebakeError that names what was applied before, since the dry run has let this one through and now it was refused.
 */
export async function applyPlanned(
  planned: readonly PlannedApply[],
  applying: Applying,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<readonly Applied[]> {
  const applied: Applied[] = []
  const apply = async (each: PlannedApply) => {
    const one = await applyOne(each, planned, applied, applying, ports, signal)
    applied.push(one)
    applying.onApplied(one)
  }
  const classes = planned.findLastIndex(({ manifest }) => isNodeClass(manifest.document)) + 1
  await holdAhead(planned, applying, signal)
  for (const each of planned.slice(0, classes)) await apply(each)
  for (const { object } of applied.filter(({ object }) => isNodeClass(object)))
    await awaitReady(object, applying.remainingMs(), ports, signal)
  for (const each of planned.slice(classes)) await apply(each)
  return applied
}

/** A NodeClass that changes under its name makes nodes drift at once: its NodePool, as it still is, is held before. */
async function holdAhead(planned: readonly PlannedApply[], { holds, force }: Applying, signal: AbortSignal): Promise<void> {
  for (const each of planned) {
    const { manifest, before } = each
    if (before === undefined || !needsHold(each, planned) || changesInPlace(before, planned) === undefined) continue
    if (!hasForeignBudgets(manifest.document, before))
      await holds.apply(previousDocument({ before, document: manifest.document, live: before }), force, signal)
  }
}

async function applyOne(
  each: PlannedApply,
  planned: readonly PlannedApply[],
  earlier: readonly Applied[],
  { force, holds }: Applying,
  { cluster, reporter }: RollOutPorts,
  signal: AbortSignal,
): Promise<Applied> {
  const { manifest, before, changes } = each
  const { document } = manifest
  const title = titleOf(document)
  let held = needsHold(each, planned)
  if (held && before !== undefined && hasForeignBudgets(document, before)) {
    reporter.warning(`${title} is not held: its budgets belong to somebody else. Give \`spec.disruption.budgets\` in its manifest.`)
    held = false
  }
  if (before !== undefined && !changes && !held) {
    reporter.info(`${title} unchanged`)
    return { ...each, object: before, changed: false }
  }
  try {
    const object = held ? await holds.apply(document, force, signal) : await cluster.apply(document, { dryRun: false, force }, signal)
    const changed = before === undefined || (held ? changes : !sameContent(before, object))
    const verb = before === undefined ? 'created' : changed ? 'changed' : 'unchanged'
    reporter.info(`${title} ${verb}${held ? ', and held until the rollout has ended' : ''}`)
    return { ...each, object, changed }
  } catch (cause) {
    if (cause instanceof CancelledError) throw cause
    const names = earlier.map(({ object }) => titleOf(object)).join(', ') || 'nothing'
    throw new PrebakeError(`Apply ${title} (${placeOf(manifest)}): refused. Applied before: ${names}.`, { cause })
  }
}
