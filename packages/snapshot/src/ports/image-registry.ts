import type { ImageReference } from '@prebake/image-reference'
import type { Architecture } from '../architecture.ts'

/** What opens a registry that does not answer everyone. */
export interface RegistryLogin {
  /** Without a colon. */
  readonly username: string
  readonly password: string
}

/** By registry, named as in an image reference: `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
export type RegistryLogins = Readonly<Record<string, RegistryLogin>>

export interface ResolvedImage {
  /** The reference as containerd names it, without tag or digest: `docker.io/vllm/vllm-openai`. */
  readonly name: string
  /** The tag that was asked for, if any. */
  readonly tag: string | undefined
  /** Digest of the manifest or index that the reference names: `sha256:…`. This is what a pod's `@sha256:…` would say. */
  readonly digest: string
  /** Sum of the compressed layers for the wanted architecture, in bytes. */
  readonly compressedBytes: number
}

export interface ImageRegistry {
  /** @throws InputError when the image is unknown, not for this architecture, or not readable with what is known of its registry. */
  resolve(reference: ImageReference, architecture: Architecture, signal: AbortSignal): Promise<ResolvedImage>
}
