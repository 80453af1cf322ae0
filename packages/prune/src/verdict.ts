import type { Reference } from './ports/reference-source.ts'
import type { OwnSnapshot } from './ports/own-resources.ts'

/** Why a snapshot stays. */
export type KeepReason = 'not-prebake' | 'other-repository' | 'named' | 'being-made' | 'previous' | 'newest' | 'young' | 'unread'
/** Why a snapshot may go. */
export type DeleteReason = 'superseded' | 'rejected' | 'verification-failed' | 'half-made'

export interface Verdict {
  readonly snapshot: OwnSnapshot
  readonly references: readonly Reference[]
  /** For its storage, in dollars a month; an upper bound where EBS does not say how much it stores. */
  readonly storageDollars: number
  readonly outcome: { readonly keep: KeepReason } | { readonly delete: DeleteReason }
  /** The reason in words, for one line of a table. */
  readonly words: string
  /** Zones in which Fast Snapshot Restore is to be turned off although the snapshot stays. */
  readonly restoresToDisable: readonly string[]
}

export const isDeletion = ({ outcome }: Pick<Verdict, 'outcome'>): boolean => 'delete' in outcome
