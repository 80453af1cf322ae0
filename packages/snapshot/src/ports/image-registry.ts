import type { ImageReference } from '../image-reference.ts'
import type { Architecture } from '../architecture.ts'

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
  /** @throws InputError when the image is unknown, not for this architecture, or not readable without credentials. */
  resolve(reference: ImageReference, architecture: Architecture, signal: AbortSignal): Promise<ResolvedImage>
}
