/** The fields that are read of a descriptor (OCI image specification; Docker's older form has the same). What is missing is empty. */
export interface Descriptor {
  readonly digest: string
  readonly mediaType: string
  readonly size: number
}

export interface ImageManifest {
  readonly artifactType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

export interface IndexEntry extends Descriptor {
  readonly artifactType: string
  readonly platform: unknown
  readonly isAttestation: boolean
}

type Content = Readonly<Record<string, unknown>>

/** The entries of an index; undefined for everything else. */
export function readIndex({ manifests }: Content): readonly IndexEntry[] | undefined {
  if (!Array.isArray(manifests)) return undefined
  return manifests.filter(isRecord).map((entry) => ({
    ...readDescriptor(entry),
    artifactType: textOf(entry['artifactType']),
    platform: entry['platform'],
    isAttestation: isRecord(entry['annotations']) && entry['annotations']['vnd.docker.reference.type'] === 'attestation-manifest',
  }))
}

/** Undefined for everything that lists no layers. */
export function readManifest({ artifactType, config, layers }: Content): ImageManifest | undefined {
  if (!Array.isArray(layers)) return undefined
  return { artifactType: textOf(artifactType), config: readDescriptor(config), layers: layers.map(readDescriptor) }
}

function readDescriptor(value: unknown): Descriptor {
  const { digest, mediaType, size } = isRecord(value) ? value : {}
  return { digest: textOf(digest), mediaType: textOf(mediaType), size: typeof size === 'number' && size > 0 ? size : 0 }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
