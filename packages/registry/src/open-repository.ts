import { createHash } from 'node:crypto'
import { ServiceError, type Clock } from '@prebake/kernel'
import { formatImageReference, type ImageReference, type RegistryLogin } from '@prebake/snapshot'
import { authorize } from './authorize.ts'
import { refusal } from './refusal.ts'
import { registryAddress } from './registry-address.ts'
import { reliableGet, type Reply } from '@prebake/http'

/** A JSON document of a repository, and the digest of its bytes (`sha256:…`). */
export interface RepositoryDocument {
  readonly digest: string
  readonly content: unknown
}

/** The repository of one image, open for reading. */
export interface Repository {
  /** @param name a tag or a digest. @throws InputError where it cannot be read, ServiceError where its content does not fit its digest */
  read(kind: 'manifests' | 'blobs', name: string): Promise<RepositoryDocument>
}

const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

export function openRepository(
  reference: ImageReference,
  login: RegistryLogin | undefined,
  settings: { readonly fetch: typeof fetch; readonly clock: Clock; readonly signal: AbortSignal },
): Repository {
  const address = registryAddress(reference.registry)
  const image = formatImageReference(reference)
  const operation = `Reading the manifest of ${image}`
  const limitHint =
    'The registry limits how much is read without credentials from one IP address, and runners share theirs. Give `registry-credentials`, or run again later.'
  const options = { ...settings, operation, limitHint }
  const refused = (reply: Reply) => refusal(reply, { image, registry: reference.registry, operation, hasLogin: login !== undefined })
  let authorization: Record<string, string> = {}

  async function get(url: URL): Promise<Reply> {
    // Blobs may lie elsewhere; what opens the registry is for it alone.
    const headers = url.origin === address.origin ? authorization : {}
    const reply = await reliableGet(url, { Accept: accepted, ...headers }, options)
    const location = reply.headers.get('location')
    return [301, 302, 303, 307, 308].includes(reply.status) && location ? reliableGet(new URL(location, url), {}, options) : reply
  }

  return {
    async read(kind, name) {
      const url = new URL(`/v2/${reference.repository}/${kind}/${name}`, address)
      let reply = await get(url)
      if (reply.status === 401 && authorization['Authorization'] === undefined) {
        const header = await authorize(reply, login, options)
        if (header === undefined) throw refused(reply)
        authorization = { Authorization: header }
        reply = await get(url)
      }
      if (reply.status !== 200) throw refused(reply)
      const digest = `sha256:${createHash('sha256').update(reply.body).digest('hex')}`
      const announced = [reply.headers.get('docker-content-digest'), name.includes(':') ? name : null]
      const other = announced.find((announcement) => announcement !== null && announcement !== digest)
      if (other != null) {
        const message = `the content has the digest ${digest}, not ${other}.`
        throw new ServiceError(
          { operation, code: 'WrongContent', message },
          { hint: 'Run again; if it stays so, look for a proxy in between.' },
        )
      }
      return { digest, content: JSON.parse(new TextDecoder().decode(reply.body)) as unknown }
    },
  }
}
