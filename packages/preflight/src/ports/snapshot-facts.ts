import type { Fact } from './fact.ts'

/** What lies on a snapshot, as its maker recorded it. */
export interface BakedContent {
  /**
   * `name` in full and without tag or digest, as containerd has it: `docker.io/vllm/vllm-openai`; cut after 184 characters. None: only a model was
   * baked.
   */
  readonly images: readonly { readonly name: string; readonly digest: string }[]
  /** Where a pod finds the model; undefined when only images were baked. */
  readonly modelPath: string | undefined
  readonly architecture: 'amd64' | 'arm64' | undefined
  /** Containerd's: another one on the nodes removes the images at boot. */
  readonly snapshotter: string
  /** Release of Bottlerocket that wrote it, `1.57.0`. */
  readonly bottlerocket: string | undefined
  readonly containerdMajor: number | undefined
  /** How strictly a second instance has checked it; `failed` when that found a fault, undefined when none has. */
  readonly verified: 'quick' | 'full' | 'failed' | undefined
  /** Why a rollout of it was given up; undefined when none was. */
  readonly rejected: string | undefined
}

export interface SnapshotDescription {
  readonly snapshotId: string
  /** In which it was found. */
  readonly region: string
  readonly state: 'pending' | 'completed' | 'error' | 'recoverable' | 'recovering'
  /** 0 to 100. */
  readonly progress: number
  /** The least that a volume of it can have. */
  readonly volumeSizeGiB: number
  readonly encrypted: boolean
  /** State of the key of an encrypted one in KMS's words, `Enabled`; undefined: not encrypted, or there is no such key. */
  readonly keyState: Fact<string | undefined>
  /** Zones in which Fast Snapshot Restore is on, or is being turned on. */
  readonly fastRestoreZones: Fact<readonly string[]>
  /** Undefined: it carries no record of prebake. */
  readonly baked: BakedContent | undefined
}

/** Where snapshots are looked up. Looks only. */
export interface SnapshotFacts {
  /** @returns undefined when the account has none of this ID in the region. @throws ServiceError when it cannot be looked up. */
  describe(snapshotId: string, signal: AbortSignal): Promise<SnapshotDescription | undefined>
  /** In which it looks. */
  readonly region: string
}
