export interface SnapshotRecord {
  readonly snapshotId: string
  readonly state: 'pending' | 'completed' | 'error' | 'recoverable' | 'recovering'
  /** EBS's own words when the state is `error`. */
  readonly stateMessage: string | undefined
  /** 0 to 100. */
  readonly progress: number
  /** Of the volume that it was taken from, in GiB. */
  readonly volumeSizeGiB: number
  readonly startedAt: Date
  readonly tags: Readonly<Record<string, string>>
}

export interface Snapshots {
  /** Undefined when there is no such snapshot. */
  get(snapshotId: string, signal: AbortSignal): Promise<SnapshotRecord | undefined>
  /** Our own snapshots that carry all of these tags, newest first. */
  find(tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly SnapshotRecord[]>
  /** Never retried by the client, since CreateSnapshot has no idempotency token (facts A4). */
  create(volumeId: string, description: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<SnapshotRecord>
  tag(snapshotId: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
  /** Removes tags by their keys; one that is not there is no error. */
  untag(snapshotId: string, keys: readonly string[], signal: AbortSignal): Promise<void>
  delete(snapshotId: string, signal: AbortSignal): Promise<void>
}
