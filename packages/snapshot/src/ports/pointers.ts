/** A place that remembers one snapshot ID: a repository variable, a file. The tags on the snapshot are the truth; a pointer only points. */
export interface Pointer {
  /** For the reader: "repository variable VLLM_SNAPSHOT_ID". */
  readonly title: string
  /** Whether it is there for the next run too: a variable is, a file of the workspace is not, unless the workflow checks it out. */
  readonly outlivesRunner: boolean
  read(signal: AbortSignal): Promise<string | undefined>
  /** Throws what `write` would throw for want of a permission, or because the place holds something else; writes nothing. */
  probe(signal: AbortSignal): Promise<void>
  write(value: string, signal: AbortSignal): Promise<void>
}
