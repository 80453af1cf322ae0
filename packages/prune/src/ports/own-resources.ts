type Tags = Readonly<Record<string, string>>

export interface OwnSnapshot {
  readonly snapshotId: string
  readonly state: 'pending' | 'completed' | 'error' | 'recoverable' | 'recovering'
  readonly startedAt: Date
  readonly volumeSizeGiB: number
  /** Everything that a volume made from it would hold, in GiB; undefined where EBS does not say. */
  readonly storedGiB: number | undefined
  readonly tags: Tags
}

export interface OwnBuilder {
  readonly instanceId: string
  readonly tags: Tags
}

export interface OwnVolume {
  readonly volumeId: string
  readonly sizeGiB: number
  readonly tags: Tags
}

/** Fast Snapshot Restore that is on, or being turned on, and billed. */
export interface FastRestore {
  readonly snapshotId: string
  readonly zone: string
}

/** `in-use`: EC2 refused, because something that was not found uses it. */
export type Deletion = { readonly outcome: 'deleted' } | { readonly outcome: 'in-use'; readonly reason: string }

/** What of the account and region carries the project's tag `prebake:run`. Listings are pages, never one request for each resource. */
export interface OwnResources {
  snapshots(signal: AbortSignal): Promise<readonly OwnSnapshot[]>
  /** Instances that are not terminated and not about to be. */
  builders(signal: AbortSignal): Promise<readonly OwnBuilder[]>
  /** Volumes that no instance has. */
  looseVolumes(signal: AbortSignal): Promise<readonly OwnVolume[]>
  /** Of every snapshot of the account. */
  fastRestores(signal: AbortSignal): Promise<readonly FastRestore[]>
  deleteSnapshot(snapshotId: string, signal: AbortSignal): Promise<Deletion>
  deleteVolume(volumeId: string, signal: AbortSignal): Promise<void>
  terminateBuilder(instanceId: string, signal: AbortSignal): Promise<void>
  disableFastRestore(restore: FastRestore, signal: AbortSignal): Promise<void>
}
