/** Where the next rollout finds its snapshot: a repository variable. */
export interface SnapshotPointer {
  /** For messages: "repository variable VLLM_SNAPSHOT_ID". */
  readonly title: string
  read(signal: AbortSignal): Promise<string | undefined>
  write(snapshotId: string, signal: AbortSignal): Promise<void>
}
