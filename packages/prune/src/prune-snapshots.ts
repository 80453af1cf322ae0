import type { Clock, Reporter } from '@prebake/kernel'
import { collectFailures, type Attempt, type Failure } from './attempt.ts'
import { gatherReferences, type Gathered } from './gather-references.ts'
import { judgeSnapshots, type JudgeRequest } from './judge-snapshots.ts'
import type { FastRestore, OwnResources } from './ports/own-resources.ts'
import type { ReferenceSource } from './ports/reference-source.ts'
import { removeLeftovers, type Leftover } from './remove-leftovers.ts'
import { isDeletion, type Verdict } from './verdict.ts'

export interface PruneRequest extends JudgeRequest {
  /** Guards the snapshots and their restores; what lost runs left behind is removed all the same. */
  readonly dryRun: boolean
}

export interface PrunePorts {
  readonly own: OwnResources
  readonly sources: readonly ReferenceSource[]
  readonly clock: Pick<Clock, 'now'>
  readonly reporter: Reporter
}

export interface Pruning {
  readonly at: Date
  readonly dryRun: boolean
  /** Newest first. */
  readonly verdicts: readonly Verdict[]
  /** What each snapshot's fast restores cost follows from all that are on. */
  readonly fastRestores: readonly FastRestore[]
  readonly unread: Gathered['unread']
  readonly leftovers: readonly Leftover[]
  /** IDs of the snapshots that were deleted. */
  readonly deleted: readonly string[]
  /** Snapshots that EC2 refused to delete because something uses them, with its words. */
  readonly inUse: ReadonlyMap<string, string>
  readonly disabled: readonly FastRestore[]
  readonly failures: readonly Failure[]
}

/**
 * Removes what lost runs left behind, and deletes the snapshots that nothing uses. The places that may name a snapshot are read after the snapshots were
 * listed, so that one that is named meanwhile is seen; a place that cannot be read keeps everything that it might name.
 * @throws PrebakeError when the snapshots, builders, volumes or restores cannot be listed. What cannot be removed is among the `failures`.
 */
export async function pruneSnapshots(
  request: PruneRequest,
  { own, sources, clock, reporter }: PrunePorts,
  signal: AbortSignal,
): Promise<Pruning> {
  const now = clock.now()
  const { attempt, failures } = collectFailures(signal)
  const leftovers = await removeLeftovers(own, now, attempt, signal)
  for (const { id, words } of leftovers) reporter.notice(`Removed ${id}: ${words}.`)

  const snapshots = (await own.snapshots(signal)).toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const fastRestores = await own.fastRestores(signal)
  const ids = snapshots.map(({ snapshotId }) => snapshotId)
  const gathered = await gatherReferences(ids, sources, signal)
  for (const { title, reason, hint } of gathered.unread)
    reporter.warning(
      `The ${title} could not be read, so nothing that they may name is deleted: ${reason}${hint === undefined ? '' : ` ${hint}`}`,
    )

  const verdicts = judgeSnapshots(snapshots, gathered, fastRestores, request, now)
  const judged = { at: now, dryRun: request.dryRun, verdicts, fastRestores, unread: gathered.unread, leftovers, failures }
  if (request.dryRun) return { ...judged, deleted: [], inUse: new Map(), disabled: [] }
  const disabled = await disableRestores(verdicts, own, attempt, signal)
  return { ...judged, disabled, ...(await deleteSnapshots(verdicts, own, attempt, reporter, signal)) }
}

async function disableRestores(verdicts: readonly Verdict[], own: OwnResources, attempt: Attempt, signal: AbortSignal) {
  const disabled: FastRestore[] = []
  for (const { snapshot, restoresToDisable } of verdicts)
    for (const zone of restoresToDisable) {
      const restore = { snapshotId: snapshot.snapshotId, zone }
      const tried = `Turn off Fast Snapshot Restore of ${snapshot.snapshotId} in ${zone}`
      if (await attempt(tried, () => own.disableFastRestore(restore, signal))) disabled.push(restore)
    }
  return disabled
}

async function deleteSnapshots(
  verdicts: readonly Verdict[],
  own: OwnResources,
  attempt: Attempt,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Pick<Pruning, 'deleted' | 'inUse'>> {
  const deleted: string[] = []
  const inUse = new Map<string, string>()
  for (const { snapshot, words } of verdicts.filter(isDeletion)) {
    const { snapshotId } = snapshot
    await attempt(`Delete ${snapshotId}`, async () => {
      const result = await own.deleteSnapshot(snapshotId, signal)
      if (result.outcome === 'in-use') return void inUse.set(snapshotId, result.reason)
      deleted.push(snapshotId)
      reporter.info(`Deleted ${snapshotId}: ${words}`)
    })
  }
  return { deleted, inUse }
}
