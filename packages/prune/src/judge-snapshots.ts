import { pricesOf, snapshotMonthlyDollars, type Prices } from '@prebake/prices'
import { isRejected, readRecord, tagKeys } from '@prebake/snapshot-record'
import type { Gathered } from './gather-references.ts'
import type { FastRestore, OwnSnapshot } from './ports/own-resources.ts'
import { isUsable, rankSnapshots } from './rank-snapshots.ts'
import { isDeletion, type DeleteReason, type Verdict } from './verdict.ts'

export interface JudgeRequest {
  /** How many of the newest stay of each model and architecture. */
  readonly keep: number
  /** Younger ones stay. */
  readonly olderThanMs: number
  /** `owner/name` of the repositories whose variables and files were read, in lower case; snapshots that other ones built stay. Undefined: of none. */
  readonly repositories: readonly string[]
  readonly prices?: Prices
}

/** EBS took up to four hours for 300 GiB (facts: amazon-eks-ami#1871), and a build waits as long; after a day, no one waits any more. */
export const halfMadeAfterMs = 24 * 60 * 60_000

/** What becomes of each snapshot, and why: the first reason that keeps it, or why it may go. Pure. */
export function judgeSnapshots(
  snapshots: readonly OwnSnapshot[],
  { references, unread }: Gathered,
  restores: readonly FastRestore[],
  request: JudgeRequest,
  now: Date,
): readonly Verdict[] {
  const { prices = pricesOf({}) } = request
  const ranks = rankSnapshots(snapshots)
  const named = (snapshotId: string) => references.get(snapshotId) ?? []

  const judge = (snapshot: OwnSnapshot): Pick<Verdict, 'outcome' | 'words'> => {
    const { snapshotId, state, tags } = snapshot
    const ageMs = now.getTime() - snapshot.startedAt.getTime()
    if (readRecord(tags) === undefined || tags[tagKeys.run] === undefined) return keep('not-prebake', 'its tags are not those of a build')
    const repository = repositoryOf(tags[tagKeys.run] ?? '')
    if (repository !== undefined && !request.repositories.includes(repository.toLowerCase()))
      return keep('other-repository', `built by ${repository}, whose variables and files were not read`)
    if (named(snapshotId).length > 0)
      return keep(
        'named',
        `named by ${named(snapshotId)
          .map(({ by }) => by)
          .join('; ')}`,
      )
    if (state !== 'completed' && ageMs < halfMadeAfterMs) return keep('being-made', `${state}, and less than a day old`)
    const rank = ranks.get(snapshotId)
    if (rank !== undefined && rank < request.keep) return keep('newest', `number ${rank + 1} of the newest ${request.keep} of its model`)
    if (ageMs < request.olderThanMs) return keep('young', `${days(ageMs)} old; \`older-than\` is ${days(request.olderThanMs)}`)
    if (unread.length > 0)
      return keep('unread', `not all places that may name it could be read: ${unread.map(({ title }) => title).join(', ')}`)
    const reason = deleteReason(snapshot)
    return { outcome: { delete: reason }, words: words[reason] }
  }
  const first = snapshots.map((snapshot): Verdict => ({
    snapshot,
    references: named(snapshot.snapshotId),
    storageDollars: snapshotMonthlyDollars(snapshot.storedGiB ?? snapshot.volumeSizeGiB, prices),
    restoresToDisable: [],
    ...judge(snapshot),
  }))

  // Only of those that stay for a reason of their own: a chain of former publications would otherwise keep everything.
  const waysBack = new Map(
    first.flatMap((verdict) => {
      const previous = verdict.snapshot.tags[tagKeys.previous]
      return previous === undefined || isDeletion(verdict) ? [] : [[previous, verdict.snapshot.snapshotId] as const]
    }),
  )
  const second = first.map((verdict): Verdict => {
    const successor = waysBack.get(verdict.snapshot.snapshotId)
    if (!isDeletion(verdict) || successor === undefined) return verdict
    return { ...verdict, ...keep('previous', `the way back from ${successor}, whose tag ${tagKeys.previous} names it`) }
  })
  return second.map((verdict) => ({ ...verdict, restoresToDisable: supersededRestores(verdict, ranks, unread.length > 0, restores) }))
}

function keep(reason: Extract<Verdict['outcome'], { readonly keep: unknown }>['keep'], text: string): Pick<Verdict, 'outcome' | 'words'> {
  return { outcome: { keep: reason }, words: text }
}

function deleteReason({ state, tags }: OwnSnapshot): DeleteReason {
  if (state !== 'completed') return 'half-made'
  if (isRejected(tags)) return 'rejected'
  return tags[tagKeys.verified] === 'failed' ? 'verification-failed' : 'superseded'
}

const words: Readonly<Record<DeleteReason, string>> = {
  superseded: 'there are newer ones of its model, and nothing names it',
  rejected: 'rejected by a failed rollout, and nothing names it',
  'verification-failed': 'failed its verification, and nothing names it',
  'half-made': 'left half made by a lost run, more than a day ago',
}

/**
 * Zones in which a snapshot that stays is restored fast for nothing: a newer one is usable, and nothing that would make a volume of it names it. The
 * deletion of a snapshot ends its restores by itself.
 */
function supersededRestores(
  verdict: Verdict,
  ranks: ReadonlyMap<string, number>,
  isBlind: boolean,
  restores: readonly FastRestore[],
): readonly string[] {
  const { snapshot, references, outcome } = verdict
  const isOurs = 'keep' in outcome && outcome.keep !== 'not-prebake' && outcome.keep !== 'other-repository'
  const isCurrent = isUsable(snapshot) && ranks.get(snapshot.snapshotId) === 0
  if (!isOurs || isBlind || isCurrent || references.some(({ makesVolumes }) => makesVolumes)) return []
  return restores.flatMap(({ snapshotId, zone }) => (snapshotId === snapshot.snapshotId ? [zone] : []))
}

/** Of a run token, `4711-2-<unique>@owner/name`; undefined for a build outside GitHub Actions. */
function repositoryOf(runToken: string): string | undefined {
  const at = runToken.indexOf('@')
  return at < 0 ? undefined : runToken.slice(at + 1)
}

const days = (ms: number): string => `${(ms / 86_400_000).toFixed(ms < 86_400_000 * 2 ? 1 : 0)} days`
