import type { ImageReference } from '@prebake/image-reference'
import type { Architecture } from '@prebake/snapshot-record'

/** Credentials for a registry that needs a login. */
export interface RegistryLogin {
  /** Without a colon. */
  readonly username: string
  readonly password: string
}

/** By registry, named as in an image reference: `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
export type RegistryLogins = Readonly<Record<string, RegistryLogin>>

export interface ResolvedImage {
  /** The name in containerd, without tag or digest: `docker.io/vllm/vllm-openai`. */
  readonly name: string
  /** The requested tag, if any. */
  readonly tag: string | undefined
  /** Digest of the manifest or index that the reference names: `sha256:…`. The digest for a pod's `@sha256:…`. */
  readonly digest: string
  /** Sum of the compressed layers for the architecture, in bytes. */
  readonly compressedBytes: number
}

export interface ImageRegistry {
  /** @throws InputError if the image is unknown, not for this architecture, or not readable with the given logins */
  resolve(reference: ImageReference, architecture: Architecture, signal: AbortSignal): Promise<ResolvedImage>
}
