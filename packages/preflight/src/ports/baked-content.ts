/** What a snapshot contains, as recorded by the build that made it. */
export interface BakedContent {
  /**
   * `name` in full and without tag or digest, as containerd has it: `docker.io/vllm/vllm-openai`; cut after 184 characters. Empty: only a model was
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
  /** Why a rollout rejected it; undefined when none did. */
  readonly rejected: string | undefined
}
