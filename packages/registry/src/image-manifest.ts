/** A descriptor (OCI image specification; Docker's older format has the same fields). Missing fields are empty. */
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
  readonly platform: unknown
}

type Content = Readonly<Record<string, unknown>>

/** The entries of an index, except those whose content could not be checked; undefined if this is not an index. */
export function readIndex({ manifests }: Content): readonly IndexEntry[] | undefined {
  if (!Array.isArray(manifests)) return undefined
  const entries = manifests.filter(isRecord).map((entry) => ({ ...readDescriptor(entry), platform: entry['platform'] }))
  return entries.filter(({ digest }) => isDigest(digest))
}

/** Undefined if it lists no layers. */
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

/** Whether this is a digest by an algorithm that can be checked here. */
export function isDigest(text: string): boolean {
  return /^(sha256|sha384|sha512):[0-9a-f]+$/.test(text)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
