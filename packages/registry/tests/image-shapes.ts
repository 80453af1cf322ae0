import { openStore, type Stored } from './scripted-registry.ts'

export const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

export type Shapes = ReturnType<typeof openShapes>

/** Makes manifests and indexes of every shape, each with what it refers to. */
export function openShapes() {
  const { keep, serve } = openStore()
  const rootfs = { type: 'layers', diff_ids: [] }
  const layersOf = (mediaType: string | undefined, sizes: readonly number[]) =>
    sizes.map((size, index) => ({ ...(mediaType && { mediaType }), digest: `sha256:${String(index).padStart(64, '0')}`, size }))
  const manifest = (config: Stored | undefined, layers: readonly object[], more: object = {}, mediaType: string = types.manifest) =>
    keep(mediaType, { schemaVersion: 2, mediaType, ...(config && { config }), layers, ...more })
  const image = (platform: object, { layer = types.layer, sizes = [1000, 2000] }: { layer?: string; sizes?: readonly number[] } = {}) =>
    manifest(keep(types.config, { ...platform, rootfs }), layersOf(layer, sizes))
  const artifact = (configType: string, layerType: string, more: object = {}, config: unknown = {}) =>
    manifest(keep(configType, config), layersOf(layerType, [5]), more)
  const index = (manifests: readonly object[], mediaType: string = types.index) =>
    keep(mediaType, { schemaVersion: 2, mediaType, manifests })
  const linux = (architecture: string, variant?: string) => ({ os: 'linux', architecture, ...(variant && { variant }) })
  const listed = (platform: object, sizes?: readonly number[]) => ({ ...image(platform, sizes && { sizes }), platform })
  return { keep, serve, rootfs, layersOf, manifest, image, artifact, index, linux, listed }
}
