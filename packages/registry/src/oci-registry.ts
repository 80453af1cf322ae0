import { systemClock, type Clock } from '@prebake/kernel'
import {
  formatImageReference,
  type Architecture,
  type ImageReference,
  type ImageRegistry,
  type RegistryLogin,
  type RegistryLogins,
  type ResolvedImage,
} from '@prebake/snapshot'
import { openRepository, type Repository } from './open-repository.ts'
import { imageProblem, privateEcr } from './refusal.ts'
import { isPrivateEcr } from './registry-address.ts'

export interface OciRegistryOptions {
  readonly fetch?: typeof fetch
  /** Times the pauses before a request is tried again. */
  readonly clock?: Clock
  /** For registries that do not answer everyone. */
  readonly logins?: RegistryLogins
  /** Asks AWS for the login of a private ECR registry that `logins` does not have. */
  readonly ecrLogin?: (registry: string, signal: AbortSignal) => Promise<RegistryLogin>
}

/** The fields that are read of an index, a manifest and an image's configuration (OCI image specification; Docker's older forms have the same). */
interface Index {
  readonly manifests: readonly { readonly digest: string; readonly platform?: { readonly os: string; readonly architecture: string } }[]
}
interface Manifest {
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string; readonly size: number }[]
}

const ociArchitecture: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' }

/** Any registry that speaks the OCI distribution protocol. */
export function ociRegistry(options: OciRegistryOptions = {}): ImageRegistry {
  const { fetch: ask = (input, init) => fetch(input, init), clock = systemClock(), logins = {}, ecrLogin } = options
  return {
    async resolve(reference, architecture, signal) {
      const { registry } = reference
      let login = Object.hasOwn(logins, registry) ? logins[registry] : undefined
      if (login === undefined && isPrivateEcr(registry)) {
        if (ecrLogin === undefined) throw privateEcr(formatImageReference(reference))
        login = await ecrLogin(registry, signal)
      }
      return resolveImage(openRepository(reference, login, { fetch: ask, clock, signal }), reference, ociArchitecture[architecture])
    },
  }
}

async function resolveImage(repository: Repository, reference: ImageReference, architecture: string): Promise<ResolvedImage> {
  const image = formatImageReference(reference)
  const root = await repository.read('manifests', reference.digest ?? reference.tag ?? 'latest')
  const manifest = isIndex(root.content)
    ? (await repository.read('manifests', chooseManifest(root.content, architecture, image))).content
    : root.content
  if (!isManifest(manifest)) throw imageProblem(`\`${image}\` is no container image: its manifest lists no layers.`, 'Check the reference.')
  if (!isIndex(root.content)) await requireArchitecture(repository, manifest, architecture, image)
  const sizes = new Map(manifest.layers.map(({ digest, size }) => [digest, size]))
  return {
    name: `${reference.registry}/${reference.repository}`,
    tag: reference.tag,
    digest: root.digest,
    compressedBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  }
}

function chooseManifest({ manifests }: Index, architecture: string, image: string): string {
  // Attestations stand in the index too, as platform unknown/unknown.
  const platforms = manifests.flatMap(({ digest, platform }) => (platform && platform.os !== 'unknown' ? [{ ...platform, digest }] : []))
  const chosen = platforms.find(({ os, architecture: its }) => os === 'linux' && its === architecture)
  if (chosen) return chosen.digest
  throw notFor(architecture, image, platforms.map(({ os, architecture: its }) => `${os}/${its}`).join(', ') || 'no platform')
}

/** A manifest without an index does not say what it runs on; its configuration does. */
async function requireArchitecture(repository: Repository, manifest: Manifest, architecture: string, image: string): Promise<void> {
  const { os, architecture: its } = (await repository.read('blobs', manifest.config.digest)).content as {
    os?: string
    architecture?: string
  }
  if (os !== 'linux' || its !== architecture) throw notFor(architecture, image, `${os}/${its}`)
}

function notFor(architecture: string, image: string, has: string) {
  return imageProblem(`\`${image}\` is not for linux/${architecture}: it has ${has}.`, 'Choose another tag, or change `architecture`.')
}

const isIndex = (content: unknown): content is Index => Array.isArray((content as Partial<Index>).manifests)
const isManifest = (content: unknown): content is Manifest => Array.isArray((content as Partial<Manifest>).layers)
