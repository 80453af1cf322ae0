/** As EC2 names it. */
export type Architecture = 'x86_64' | 'arm64'

/** As Kubernetes names it: the value of `kubernetes.io/arch`. */
export function kubernetesArchitecture(architecture: Architecture): 'amd64' | 'arm64' {
  return architecture === 'x86_64' ? 'amd64' : architecture
}

/** containerd's snapshotter on every builder: Bottlerocket's default. Nodes with another one remove the images at boot. */
export const snapshotter = 'overlayfs'

/** How strictly a second instance verified a snapshot. */
export type VerifiedLevel = 'quick' | 'full'

/** An image by its names in containerd on the volume, which are the names that the kubelet uses. */
export interface BakedImage {
  /** In full, without tag or digest: `docker.io/vllm/vllm-openai`. */
  readonly name: string
  /** Undefined if it was baked by digest, or by a version that did not record the tag. */
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string
}

/** What a build recorded on its snapshot, and the later verdicts. */
export interface BakeRecord {
  /** 64 hex digits. Equal content has an equal fingerprint. */
  readonly fingerprint: string
  /** Token of the run that created it. */
  readonly run: string | undefined
  /** `owner/name`. */
  readonly model: string | undefined
  /** Commit of the model's repository. */
  readonly commit: string | undefined
  /** Where a pod finds the model. */
  readonly modelPath: string | undefined
  readonly images: readonly BakedImage[]
  readonly architecture: Architecture | undefined
  /** Release of the Bottlerocket that wrote it: `1.69.0`. */
  readonly bottlerocket: string | undefined
  /** Minor version of the variant that wrote it: `1.34`. */
  readonly kubernetes: string | undefined
  /** Version of the containerd that wrote it, `2.3.1`; of older snapshots the major version alone, `2`. */
  readonly containerd: string | undefined
  /** `failed` if the verification failed, undefined if there was none. */
  readonly verified: VerifiedLevel | 'failed' | undefined
  /** Why a rollout of it failed. */
  readonly rejected: string | undefined
}
