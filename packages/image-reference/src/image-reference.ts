/** An image reference, taken apart and normalised as containerd and the kubelet do it. */
export interface ImageReference {
  /** Host and perhaps port: `docker.io`, `ghcr.io`, `127.0.0.1:5000`, `[::1]:5000`. */
  readonly registry: string
  /** `vllm/vllm-openai`; `library/…` for Docker Hub's own. */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…`, `sha384:…` or `sha512:…`. */
  readonly digest: string | undefined
}

/** The name without tag and digest, as containerd and the kubelet store it: `docker.io/vllm/vllm-openai`. */
export function nameOf({ registry, repository }: Pick<ImageReference, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`
}

/** The reference in full: `docker.io/vllm/vllm-openai:v0.11.0`. */
export function formatImageReference(reference: ImageReference): string {
  const { tag, digest } = reference
  return `${nameOf(reference)}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}
