import { versions } from '@prebake/versions'
import { createHash } from 'node:crypto'

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

/** A document of the registry: its bytes, and the digest that names it. */
export interface StoredDocument {
  readonly mediaType: string
  readonly body: string
  /** `sha256:…`. */
  readonly digest: string
}

/** One tag of one repository, with all documents that it leads to. */
export interface RegistryImage {
  readonly repository: string
  readonly tag: string
  /** Whether only those with credentials may see it. */
  readonly private: boolean
  /** What the tag names. */
  readonly root: StoredDocument
  readonly manifests: readonly StoredDocument[]
  readonly configs: readonly StoredDocument[]
}

/** Compressed layer sizes in bytes, by architecture as OCI names it. */
type Layers = Readonly<Record<string, readonly number[]>>

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

function document(mediaType: string, value: object): StoredDocument {
  const body = JSON.stringify(value, null, 2)
  return { mediaType, body, digest: sha256(body) }
}

const descriptor = ({ mediaType, body, digest }: StoredDocument) => ({ mediaType, digest, size: Buffer.byteLength(body) })

/** Builds an image with an index over its architectures; with only one architecture and `index: false`, the tag names the manifest itself. */
export function buildImage(
  repository: string,
  tag: string,
  layers: Layers,
  options: { private?: boolean; index?: boolean } = {},
): RegistryImage {
  const built = Object.entries(layers).map(([architecture, sizes]) => {
    // A layer's digest stands for content that no client asks this registry for.
    const digests = sizes.map((_, index) => sha256(`${repository}:${tag} ${architecture} layer ${index}`))
    const config = document(mediaTypes.config, { architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: digests } })
    const manifest = document(mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: descriptor(config),
      layers: sizes.map((size, index) => ({ mediaType: mediaTypes.layer, digest: digests[index], size })),
    })
    return { architecture, config, manifest }
  })
  const index = document(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: built.map(({ architecture, manifest }) => ({ ...descriptor(manifest), platform: { architecture, os: 'linux' } })),
  })
  const only = options.index === false ? built[0]?.manifest : undefined
  return {
    repository,
    tag,
    private: options.private ?? false,
    root: only ?? index,
    manifests: [...(only ? [] : [index]), ...built.map(({ manifest }) => manifest)],
    configs: built.map(({ config }) => config),
  }
}

const MB = 1_000_000

/**
 * What the registry has. The sizes of `vllm/vllm-openai` are believed: about 9.3 GB in all, where vllm-project/vllm#27154 (2025-10) gives "around
 * 12 GB" for `latest` without saying how it was counted. So is the way they fall into layers: Ubuntu, CUDA's libraries and compilers, Python, torch
 * with its libraries, vLLM, FlashInfer, tools.
 */
export const images: readonly RegistryImage[] = [
  buildImage('vllm/vllm-openai', `v${versions.vllm}`, {
    amd64: [29.5 * MB, 4.6 * MB, 62.4 * MB, 1370 * MB, 2210 * MB, 88.1 * MB, 4020 * MB, 438 * MB, 962 * MB, 118 * MB, 0.0014 * MB],
    arm64: [27.4 * MB, 4.3 * MB, 58.9 * MB, 1290 * MB, 2050 * MB, 85.7 * MB, 3480 * MB, 402 * MB, 905 * MB, 109 * MB, 0.0014 * MB],
  }),
  // Sizes believed.
  buildImage('library/pause', '3.10', { amd64: [319_000], arm64: [267_000] }),
  // Three invented images, for what can go wrong.
  buildImage('prebake-examples/amd64-only', 'v1', { amd64: [1 * MB] }),
  buildImage('prebake-examples/amd64-manifest', 'v1', { amd64: [1 * MB, 2 * MB] }, { index: false }),
  buildImage('prebake-examples/private', 'v1', { amd64: [1 * MB] }, { private: true }),
]

/** Bytes of an image's compressed layers, as the kubelet reports a pulled image's size. An image that the registry does not have is taken for a small one. */
export function imageSize(reference: string): number {
  const known = images.find(({ repository }) => reference.includes(repository))
  const manifest = known?.manifests.find(({ mediaType }) => mediaType.includes('manifest'))
  if (!manifest) return 60_000_000
  const { layers } = JSON.parse(manifest.body) as { layers: { size: number }[] }
  return layers.reduce((sum, { size }) => sum + size, 0)
}

/** The unpacked image in proportion to the compressed one. Believed: 9.3 GB of vLLM become some 20 GB. */
export const unpackedRatio = 2.2
