/** Something that names a snapshot, and would break without it. */
export interface Reference {
  readonly snapshotId: string
  /** What names it, for the reader: `launch template lt-0abc, version 3`. */
  readonly by: string
  /** Whether new volumes come from it there. A volume that exists does not need Fast Snapshot Restore any more. */
  readonly makesVolumes: boolean
}

/** A place that may name snapshots. */
export interface ReferenceSource {
  /** `launch templates`. */
  readonly title: string
  /**
   * Where these snapshots are named; others are left out.
   * @throws PrebakeError when the place cannot be read: then nothing that it might name is deleted.
   */
  find(snapshotIds: readonly string[], signal: AbortSignal): Promise<readonly Reference[]>
}
