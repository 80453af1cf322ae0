/** A place that stores one snapshot ID: a repository variable, a file. The tags on the snapshot are the source of truth. */
export interface SnapshotPointer {
  /** For the reader: "repository variable VLLM_SNAPSHOT_ID". */
  readonly title: string
  /** Whether it persists for the next run: a variable does; a file of the workspace does not, unless the workflow checks it out. */
  readonly outlivesRunner: boolean
  read(signal: AbortSignal): Promise<string | undefined>
  /** Throws what `write` would throw for a missing permission or a foreign content. Writes nothing. */
  probe(signal: AbortSignal): Promise<void>
  write(snapshotId: string, signal: AbortSignal): Promise<void>
}
