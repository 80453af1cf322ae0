/** An image reference, taken apart and normalised as containerd and the kubelet do it. */
export interface ImageReference {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string
  /** `vllm/vllm-openai`; `library/…` for Docker Hub's own. */
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}
