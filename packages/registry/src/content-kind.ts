import type { ImageManifest } from './image-manifest.ts'

/** Content of a registry that is not a container image. */
export interface Artifact {
  /** A media type. */
  readonly type: string
  /** "a Helm chart", if known. */
  readonly name?: string
}

/** What a manifest describes. `unknown`: its media types do not say, but its configuration does. */
export type ContentKind = { readonly kind: 'image' } | (Artifact & { readonly kind: 'artifact' | 'unknown' })

/** OCI artifacts that people mistake for images, by the media types that their projects use. */
const artifacts: readonly (readonly [types: RegExp, name: string])[] = [
  [/^application\/vnd\.(cncf|cnai)\.model\./, 'a model in the ModelPack format'],
  [/^application\/vnd\.kitops\./, 'a KitOps ModelKit'],
  [/^application\/vnd\.docker\.ai\./, 'a model of Docker Model Runner'],
  [/^application\/vnd\.ollama\./, 'an Ollama model'],
  [/^application\/vnd\.cncf\.helm\./, 'a Helm chart'],
  [/^application\/vnd\.amazon\.soci\./, 'a SOCI index'],
  [/^application\/vnd\.dev\.(cosign|sigstore)\./, 'a cosign signature'],
  [/^application\/vnd\.cncf\.notary\./, 'a Notary signature'],
  [/^application\/vnd\.(in-toto|dsse)/, 'an attestation'],
  [/spdx|cyclonedx|syft/, 'an SBOM'],
  [/^application\/vnd\.(wasm|w3c\.wasm|bytecodealliance)\./, 'a WebAssembly module'],
  [/^application\/vnd\.cncf\.flux\./, 'a Flux artifact'],
  [/^application\/vnd\.sylabs\./, 'a Singularity image'],
  [/^application\/vnd\.docker\.plugin\./, 'a Docker plugin'],
]

const imageConfigs = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']
const emptyConfig = 'application/vnd.oci.empty.v1+json'

/** Media types of layers that containerd unpacks (core/images/mediatypes.go, IsLayerType), or none. */
const isLayerType = (type: string) =>
  type === '' || /^application\/vnd\.(oci\.image\.layer\.|docker\.image\.rootfs\.|erofs\.layer\.)/.test(type)

export function kindOf({ artifactType, config, layers }: ImageManifest): ContentKind {
  const layerTypes = layers.map(({ mediaType }) => mediaType)
  const isImageConfig = imageConfigs.includes(config.mediaType)
  const foreign = layerTypes.find((type) => !isLayerType(type))
  for (const type of [artifactType, config.mediaType, foreign ?? '']) {
    const name = artifacts.find(([types]) => types.test(type))?.[1]
    if (name !== undefined) return { kind: 'artifact', type, name }
  }
  if (isImageConfig && foreign === undefined) return { kind: 'image' }
  const configType = isImageConfig || config.mediaType === emptyConfig ? '' : config.mediaType
  const type = artifactType || configType || foreign || config.mediaType || 'without a type'
  return { kind: isImageConfig || config.mediaType === emptyConfig || foreign !== undefined ? 'artifact' : 'unknown', type }
}
