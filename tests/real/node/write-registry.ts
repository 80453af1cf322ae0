import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Image {
  /** `owner/name`. */
  readonly name: string
  readonly tag: string
  /** The only layer, compressed by zstd. The file is moved. */
  readonly layer: { readonly file: string; readonly digest: string; readonly unpackedDigest: string }
  /** The image's `config` (image-spec, config.md). */
  readonly config: object
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

/**
 * Writes a registry's storage with one image, as docker-registry keeps it in a folder: nothing is read or compressed again, as a push would
 * (distribution 2.8, registry/storage/paths.go; image-spec, manifest.md).
 */
export function writeRegistry(storage: string, { name, tag, layer, config }: Image): void {
  const root = join(storage, 'docker/registry/v2')
  const repository = join(root, 'repositories', name)
  const link = (path: string, digest: string) => {
    mkdirSync(join(repository, path), { recursive: true })
    writeFileSync(join(repository, path, 'link'), `sha256:${digest}`)
  }
  const blob = (digest: string) => {
    const folder = join(root, 'blobs/sha256', digest.slice(0, 2), digest)
    mkdirSync(folder, { recursive: true })
    return join(folder, 'data')
  }
  const put = (mediaType: string, content: object) => {
    const text = JSON.stringify(content)
    const digest = createHash('sha256').update(text).digest('hex')
    writeFileSync(blob(digest), text)
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text), hex: digest }
  }
  const { size } = statSync(layer.file)
  renameSync(layer.file, blob(layer.digest))
  const rootfs = { type: 'layers', diff_ids: [`sha256:${layer.unpackedDigest}`] }
  const { hex: configDigest, ...described } = put('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs,
  })
  const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', digest: `sha256:${layer.digest}`, size }]
  const { hex: manifest } = put(manifestType, { schemaVersion: 2, mediaType: manifestType, config: described, layers })
  for (const digest of [configDigest, layer.digest]) link(`_layers/sha256/${digest}`, digest)
  link(`_manifests/revisions/sha256/${manifest}`, manifest)
  link(`_manifests/tags/${tag}/current`, manifest)
  link(`_manifests/tags/${tag}/index/sha256/${manifest}`, manifest)
}
