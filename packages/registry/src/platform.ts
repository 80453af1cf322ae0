/** What an image runs on, as its index or configuration says. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  /** Of the architecture: `v7`, `v8`. Empty: the usual one. */
  readonly variant: string
}

/** Reads a platform as containerd normalises it (containerd/platforms, database.go). @returns undefined if there is none */
export function readPlatform(fields: unknown): Platform | undefined {
  const { os, architecture, variant } = (fields ?? {}) as Readonly<Record<string, unknown>>
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === '' || architecture === '') return undefined
  return { os: os.toLowerCase(), ...normalize(architecture.toLowerCase(), typeof variant === 'string' ? variant.toLowerCase() : '') }
}

function normalize(architecture: string, variant: string): Pick<Platform, 'architecture' | 'variant'> {
  if (['x86_64', 'x86-64', 'amd64'].includes(architecture)) return { architecture: 'amd64', variant: variant === 'v1' ? '' : variant }
  if (['aarch64', 'arm64'].includes(architecture)) {
    return { architecture: 'arm64', variant: ['8', 'v8', 'v8.0'].includes(variant) ? '' : variant }
  }
  return { architecture, variant }
}

/** The platform of attestations in an index. */
export const isUnknown = ({ os, architecture }: Platform) => os === 'unknown' || architecture === 'unknown'

/** `linux/arm/v7`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/')
}
