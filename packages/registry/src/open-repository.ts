import { createHash } from 'node:crypto'
import { jsonOf, request, type Reply, type Transport } from '@prebake/http'
import { formatImageReference, type ImageReference } from '@prebake/image-reference'
import { ServiceError, type Clock } from '@prebake/kernel'
import type { RegistryLogin } from '@prebake/snapshot'
import { authorize } from './authorize.ts'
import type { RegistryErrorCode } from './error-codes.ts'
import { isDigest, isRecord } from './image-manifest.ts'
import { refusal } from './refusal.ts'
import { registryAddress, registryAt } from './registry-address.ts'
import type { Repository } from './repository.ts'

export interface RepositorySettings {
  readonly transport: Transport
  readonly clock: Clock
  readonly signal: AbortSignal
  /** For a registry as image references name it. */
  readonly loginFor: (registry: string) => RegistryLogin | undefined
}

/** What containerd sends (core/remotes/docker/resolver.go), so that the builder gets the same documents. */
const accepted = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  '*/*',
].join(', ')

/** Twice what distribution accepts as a manifest. */
const mostBytes = 8 * 2 ** 20

export function openRepository(reference: ImageReference, settings: RepositorySettings): Repository {
  const { loginFor, ...connection } = settings
  const address = registryAddress(reference.registry)
  const image = formatImageReference(reference)
  const operation = `Reading the manifest of ${image}`
  const limitHint =
    'The registry limits anonymous reads per IP address, and runners share theirs. Give `registry-credentials`, or run again later.'
  const options = { ...connection, operation, limitHint, mostBytes }
  /** By origin: a registry may redirect to another one that needs its own token. */
  const authorizations = new Map<string, string>()
  const registryOf = (url: URL) => (url.origin === address.origin ? reference.registry : registryAt(url))

  async function get(kind: 'manifests' | 'blobs', name: string, accept: string): Promise<Reply> {
    const url = new URL(`/v2/${reference.repository}/${kind}/${name}`, address)
    const authorized = new Set<string>()
    for (;;) {
      const reply = await request(url, { ...options, headers: { accept }, authorization: (origin) => authorizations.get(origin) })
      const { origin } = reply.url
      const login = loginFor(registryOf(reply.url))
      const refused = () => refusal(reply, { image, registry: registryOf(reply.url), operation, hasLogin: login !== undefined })
      if (reply.status === 200) return reply
      // Once per document: the previous token may have expired.
      if (reply.status !== 401 || authorized.has(origin)) throw refused()
      authorized.add(origin)
      const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\/[^/]+$/.exec(reply.url.pathname)?.[1] ?? reference.repository
      const header = await authorize(reply, { login, repository }, options)
      if (header === undefined) throw refused()
      authorizations.set(origin, header)
    }
  }

  return {
    async manifest(name) {
      const reply = await get('manifests', name, accepted)
      const content = jsonOf(reply, operation)
      if (!isRecord(content)) throw wrongContent(operation, `${reply.url.host} sent JSON that is not a manifest.`)
      for (const digest of [reply.headers.get('docker-content-digest'), name]) requireDigest(reply, digest, operation)
      return { digest: isDigest(name) ? name : digestOf(reply.body, 'sha256'), content }
    },
    async config(digest) {
      if (!isDigest(digest)) return undefined
      const reply = await get('blobs', digest, '*/*')
      requireDigest(reply, digest, operation)
      try {
        const content = jsonOf(reply, operation)
        return isRecord(content) ? content : undefined
      } catch {
        return undefined
      }
    },
  }
}

const digestOf = (body: Uint8Array, algorithm: string) => `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`

/** @param announced a digest; anything else is ignored */
function requireDigest({ body }: Reply, announced: string | null, operation: string): void {
  if (announced === null || !isDigest(announced)) return
  const found = digestOf(body, announced.slice(0, announced.indexOf(':')))
  if (found !== announced) throw wrongContent(operation, `the content has the digest ${found}, not ${announced}.`)
}

function wrongContent(operation: string, message: string): ServiceError {
  const hint = 'Run again. If it happens again, check whether a proxy changes the content.'
  return new ServiceError({ operation, code: 'WrongContent', message }, { code: 'image-content-corrupt' satisfies RegistryErrorCode, hint })
}
