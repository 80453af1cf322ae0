/** Where a snapshot is marked so that it is not rolled out again. */
export interface SnapshotVerdicts {
  /** @param reason for whoever finds the mark, at most 256 characters. */
  reject(snapshotId: string, reason: string, signal: AbortSignal): Promise<void>
}
