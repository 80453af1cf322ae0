import { hoursPerMonth, pricesOf, type Prices } from '@prebake/prices'
import type { Pruning } from '../prune-snapshots.ts'
import { isDeletion, type Verdict } from '../verdict.ts'

/** What Fast Snapshot Restore in this many zones costs a month, in dollars. */
export const restoreMonthlyDollars = (zones: number, prices: Prices = pricesOf({})): number =>
  zones * hoursPerMonth * prices['fast-restore-zone-hour']

/** Zones in which a snapshot is restored fast. */
export const zonesOf = ({ snapshot }: Pick<Verdict, 'snapshot'>, { fastRestores }: Pick<Pruning, 'fastRestores'>): readonly string[] =>
  fastRestores.flatMap(({ snapshotId, zone }) => (snapshotId === snapshot.snapshotId ? [zone] : []))

/** What a snapshot costs a month, in dollars: its storage and its fast restores. */
export function monthlyDollars(verdict: Verdict, pruning: Pick<Pruning, 'fastRestores'>, prices?: Prices): number {
  return verdict.storageDollars + restoreMonthlyDollars(zonesOf(verdict, pruning).length, prices)
}

/** What the run saves a month, or would without `dry-run`, in dollars. */
export function savedMonthlyDollars(pruning: Pruning, prices?: Prices): number {
  const isGone = ({ snapshot }: Verdict) => pruning.dryRun || pruning.deleted.includes(snapshot.snapshotId)
  const isOff = ({ snapshot }: Verdict, zone: string) =>
    pruning.dryRun || pruning.disabled.some((restore) => restore.snapshotId === snapshot.snapshotId && restore.zone === zone)
  return pruning.verdicts.reduce((sum, verdict) => {
    if (isDeletion(verdict)) return sum + (isGone(verdict) ? monthlyDollars(verdict, pruning, prices) : 0)
    return sum + restoreMonthlyDollars(verdict.restoresToDisable.filter((zone) => isOff(verdict, zone)).length, prices)
  }, 0)
}
