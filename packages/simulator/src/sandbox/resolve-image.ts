interface Descriptor {
  readonly digest: string
  readonly size: number
  readonly platform?: { readonly os: string; readonly architecture: string }
}

interface Manifest {
  readonly manifests?: readonly Descriptor[]
  readonly layers?: readonly Descriptor[]
}

export interface PullOptions {
  /** A mirror for all registries; empty for none. */
  readonly registry: string
  readonly plainHttp: boolean
  /** `linux/amd64`. */
  readonly platform: string
  /** `name:password`. */
  readonly user: string | undefined
}

const accept = ['oci.image.index.v1', 'oci.image.manifest.v1', 'docker.distribution.manifest.list.v2', 'docker.distribution.manifest.v2']
  .map((type) => `application/vnd.${type}+json`)
  .join(', ')

/**
 * Asks a registry for an image's manifest, through the index where there is one (OCI Distribution Specification 1.1, "Pulling manifests").
 * @throws Error in containerd's words.
 */
export async function resolveImage(reference: string, options: PullOptions): Promise<{ digest: string; size: number }> {
  const { host, repository, version } = parse(reference)
  const base = options.registry === '' ? `${options.plainHttp ? 'http' : 'https'}://${host}` : options.registry
  const read = async (name: string) => {
    const url = new URL(`/v2/${repository}/manifests/${name}`, base)
    if (options.registry !== '') url.searchParams.set('ns', host)
    const response = await get(url, options.user)
    if (response.status === 404) throw new Error(`failed to resolve reference "${reference}": ${reference}: not found`)
    if (!response.ok)
      throw new Error(`failed to resolve reference "${reference}": unexpected status from HEAD request to ${url.href}: ${response.status}`)
    return { digest: response.headers.get('docker-content-digest') ?? name, content: (await response.json()) as Manifest }
  }
  const root = await read(version)
  const wanted = root.content.manifests?.find(({ platform }) => `${platform?.os}/${platform?.architecture}` === options.platform)
  if (root.content.manifests !== undefined && wanted === undefined)
    throw new Error(`no match for platform in manifest ${root.digest}: not found`)
  const { layers = [] } = wanted === undefined ? root.content : (await read(wanted.digest)).content
  return { digest: root.digest, size: layers.reduce((sum, { size }) => sum + size, 0) }
}

/** Containerd takes full references only: host, repository, and a digest or a tag. */
function parse(reference: string): { host: string; repository: string; version: string } {
  const match = /^([^/]+)\/(.+?)(?:@(sha256:[0-9a-f]{64})|:([^:/@]+))$/.exec(reference)
  const [, host, repository, digest, tag] = match ?? []
  if (host === undefined || repository === undefined) throw new Error(`failed to parse reference "${reference}": invalid reference format`)
  return { host, repository, version: digest ?? tag ?? '' }
}

async function get(url: URL, user: string | undefined): Promise<Response> {
  const first = await fetch(url, { headers: { accept } })
  const challenge = first.headers.get('www-authenticate')
  if (first.status !== 401 || challenge === null) return first
  const parts = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name ?? '', value ?? '']))
  const basic = user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }
  if (/^basic /i.test(challenge)) return user === undefined ? first : fetch(url, { headers: { accept, ...basic } })
  if (parts['realm'] === undefined) return first
  const ask = new URL(parts['realm'])
  for (const name of ['service', 'scope']) if (parts[name] !== undefined) ask.searchParams.set(name, parts[name])
  const granted = await fetch(ask, { headers: basic })
  if (!granted.ok) return first
  const answer = (await granted.json()) as { token?: string; access_token?: string }
  return fetch(url, { headers: { accept, authorization: `Bearer ${answer.token ?? answer.access_token}` } })
}
