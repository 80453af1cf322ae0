import { fetchTransport, networkTransport, type Fetch } from '@prebake/http'
import { formatImageReference, nameOf, ecrRegion, type ImageReference } from '@prebake/image-reference'
import { systemClock, type Clock } from '@prebake/kernel'
import type { Architecture, ImageRegistry, RegistryLogin, RegistryLogins, ResolvedImage } from '@prebake/snapshot'
import { findManifest, type Others } from './find-manifest.ts'
import { openRepository } from './open-repository.ts'
import { privateEcr, unsuitableImage } from './refusal.ts'
import type { Repository } from './repository.ts'

export interface OciRegistryOptions {
  /** Default: the network, through the proxy that the environment names. */
  readonly fetch?: Fetch
  /** Times the pauses before a request is retried. */
  readonly clock?: Clock
  /** For registries that need a login. */
  readonly logins?: RegistryLogins
  /** Gets the login of a private ECR registry from AWS, unless `logins` has it. */
  readonly ecrLogin?: (registry: string, signal: AbortSignal) => Promise<RegistryLogin>
}

const ociArchitecture: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' }

/** Any registry that speaks the OCI distribution protocol. @throws InputError for a malformed proxy variable */
export function ociRegistry(options: OciRegistryOptions = {}): ImageRegistry {
  const { fetch, clock = systemClock(), logins = {}, ecrLogin } = options
  const transport = fetch ? fetchTransport(fetch) : networkTransport()
  /** Logins have lower-case names; references keep their case. */
  const given = (registry: string) => (Object.hasOwn(logins, registry.toLowerCase()) ? logins[registry.toLowerCase()] : undefined)
  return {
    async resolve(reference, architecture, signal) {
      const { registry } = reference
      let login = given(registry)
      if (login === undefined && ecrRegion(registry) !== undefined) {
        if (ecrLogin === undefined) throw privateEcr(formatImageReference(reference))
        login = await ecrLogin(registry, signal)
      }
      const loginFor = (asked: string) => (asked === registry ? login : given(asked))
      const repository = openRepository(reference, { transport, clock, signal, loginFor })
      return resolveImage(repository, reference, ociArchitecture[architecture])
    },
  }
}

async function resolveImage(repository: Repository, reference: ImageReference, architecture: string): Promise<ResolvedImage> {
  const root = await repository.manifest(reference.digest ?? reference.tag ?? 'latest')
  const others: Others = { platforms: new Set(), artifacts: [] }
  const manifest = await findManifest(repository, root, architecture, others)
  if (manifest === undefined) throw unsuitableImage(formatImageReference(reference), root.content, architecture, others)
  // containerd pulls a layer once, even if it is listed twice.
  const sizes = new Map(manifest.layers.map(({ digest, size }) => [digest, size]))
  return {
    name: nameOf(reference),
    tag: reference.tag,
    digest: root.digest,
    compressedBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  }
}
