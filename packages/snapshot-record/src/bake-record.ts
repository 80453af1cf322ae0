/** As EC2 writes it. */
export type Architecture = 'x86_64' | 'arm64'

/** As Kubernetes writes it: the value of `kubernetes.io/arch`. */
export function kubernetesArchitecture(architecture: Architecture): 'amd64' | 'arm64' {
  return architecture === 'x86_64' ? 'amd64' : architecture
}

/** Containerd's on every builder: Bottlerocket's default. Nodes with another one remove the images at boot. */
export const snapshotter = 'overlayfs'

/** How strictly a second instance has checked a snapshot. */
export type VerifiedLevel = 'quick' | 'full'

/** An image by the names that containerd has for it on the volume, which are those that the kubelet asks for. */
export interface BakedImage {
  /** In full, without tag or digest: `docker.io/vllm/vllm-openai`. */
  readonly name: string
  /** Undefined when it was baked by its digest alone, or by a version that did not record it. */
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string
}

/** What a build has recorded on its snapshot, and what later became of it. */
export interface BakeRecord {
  /** Of the content, 64 hex digits. Equal content, equal fingerprint. */
  readonly fingerprint: string
  /** Token of the run that made it. */
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
  /** `failed` when a check found a fault, undefined when none was made. */
  readonly verified: VerifiedLevel | 'failed' | undefined
  /** Why a rollout of it was given up. */
  readonly rejected: string | undefined
}
