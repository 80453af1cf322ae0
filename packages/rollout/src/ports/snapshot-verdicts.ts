/** Where it is remembered that a snapshot must not be rolled out again. */
export interface SnapshotVerdicts {
  /** @param reason for whoever finds the mark, at most 256 characters. */
  reject(snapshotId: string, reason: string, signal: AbortSignal): Promise<void>
}

/** What the next rollout takes its snapshot from: a repository variable. */
export interface SnapshotPointer {
  /** For the reader: "repository variable VLLM_SNAPSHOT_ID". */
  readonly title: string
  read(signal: AbortSignal): Promise<string | undefined>
  write(snapshotId: string, signal: AbortSignal): Promise<void>
}
