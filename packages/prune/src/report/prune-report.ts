import type { Prices } from '@prebake/prices'
import { tagKeys } from '@prebake/snapshot-record'
import type { Pruning } from '../prune-snapshots.ts'
import { isDeletion, type Verdict } from '../verdict.ts'
import { monthlyDollars, savedMonthlyDollars, zonesOf } from './savings.ts'

/** The result as JSON, for the next step of a workflow. */
export function pruneReport(pruning: Pruning, prices?: Prices) {
  const { at, dryRun, verdicts, unread, leftovers, failures, disabled } = pruning
  return {
    version: 1,
    at: at.toISOString(),
    dryRun,
    savedDollarsPerMonth: cents(savedMonthlyDollars(pruning, prices)),
    snapshots: verdicts.map((verdict) => ({
      snapshotId: verdict.snapshot.snapshotId,
      model: verdict.snapshot.tags[tagKeys.model] ?? null,
      architecture: verdict.snapshot.tags[tagKeys.architecture] ?? null,
      startedAt: verdict.snapshot.startedAt.toISOString(),
      storedGiB: verdict.snapshot.storedGiB ?? null,
      volumeSizeGiB: verdict.snapshot.volumeSizeGiB,
      dollarsPerMonth: cents(monthlyDollars(verdict, pruning, prices)),
      outcome: outcomeOf(verdict, pruning),
      reason: 'keep' in verdict.outcome ? verdict.outcome.keep : verdict.outcome.delete,
      words: wordsOf(verdict, pruning),
      namedBy: verdict.references.map(({ by }) => by),
      fastRestoreZones: zonesOf(verdict, pruning),
      fastRestoreZonesToDisable: verdict.restoresToDisable,
    })),
    fastRestoresDisabled: disabled,
    leftoversRemoved: leftovers,
    unread: unread.map(({ title, reason }) => ({ title, reason })),
    failures: failures.map(({ tried, error }) => ({ tried, code: error.errorCode ?? null, message: error.message })),
  }
}

export type PruneReport = ReturnType<typeof pruneReport>

export type SnapshotOutcome = 'kept' | 'to-delete' | 'deleted' | 'in-use' | 'not-deleted'

/** What became of a snapshot. `not-deleted`: its deletion failed. */
export function outcomeOf(verdict: Verdict, { dryRun, deleted, inUse }: Pick<Pruning, 'dryRun' | 'deleted' | 'inUse'>): SnapshotOutcome {
  const { snapshotId } = verdict.snapshot
  if (!isDeletion(verdict)) return 'kept'
  if (dryRun) return 'to-delete'
  if (deleted.includes(snapshotId)) return 'deleted'
  return inUse.has(snapshotId) ? 'in-use' : 'not-deleted'
}

/** The reason in words; for a snapshot that EC2 would not delete, EC2's. */
export function wordsOf({ snapshot, words, restoresToDisable }: Verdict, { inUse, dryRun }: Pick<Pruning, 'inUse' | 'dryRun'>): string {
  const zones = restoresToDisable.join(', ')
  const restores = zones === '' ? '' : `; Fast Snapshot Restore ${dryRun ? 'would be ' : ''}turned off in ${zones}`
  return `${inUse.get(snapshot.snapshotId) ?? words}${restores}`
}

const cents = (dollars: number): number => Math.round(dollars * 100) / 100
