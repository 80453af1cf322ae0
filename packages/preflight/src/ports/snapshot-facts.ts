import type { BakeRecord } from '@prebake/snapshot-record'
import type { Fact } from './fact.ts'

export interface SnapshotDescription {
  readonly snapshotId: string
  /** In which it was found. */
  readonly region: string
  readonly state: 'pending' | 'completed' | 'error' | 'recoverable' | 'recovering'
  /** 0 to 100. */
  readonly progress: number
  /** The smallest volume that can be made from it. */
  readonly volumeSizeGiB: number
  readonly encrypted: boolean
  /** State of the KMS key of an encrypted snapshot in KMS's words, `Enabled`; undefined: not encrypted, or there is no such key. */
  readonly keyState: Fact<string | undefined>
  /** Zones in which Fast Snapshot Restore is on, or is being turned on. */
  readonly fastRestoreZones: Fact<readonly string[]>
  /** Undefined: it has no record of prebake. */
  readonly baked: BakeRecord | undefined
}

/** Where snapshots are looked up. */
export interface SnapshotFacts {
  /** In which it looks. */
  readonly region: string
  /** @returns undefined when the account has no snapshot of this ID in the region. @throws ServiceError when it cannot be looked up. */
  describe(snapshotId: string, signal: AbortSignal): Promise<SnapshotDescription | undefined>
}
