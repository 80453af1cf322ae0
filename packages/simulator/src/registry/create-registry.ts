import { createHmac, randomBytes } from 'node:crypto'
import type { Service, SimulatedRequest, SimulatedResponse, Simulation } from '../core/serve.ts'
import { images as defaultImages, mediaTypes, type RegistryImage, type StoredDocument } from './images.ts'

export interface RegistryOptions {
  readonly images?: readonly RegistryImage[]
  /** Who may see the private images: password by name. */
  readonly users?: Readonly<Record<string, string>>
  /**
   * `bearer`, as Docker Hub and GHCR: a token from another address, for everyone. `basic`, as ECR: the password with each request, and nothing without it.
   * `both`, as Artifactory: either, offered in two header lines; the second names no scope.
   */
  readonly scheme?: 'bearer' | 'basic' | 'both'
  /** The address of another registry that it redirects everything to, as registry.k8s.io and vanity hosts do. */
  readonly leadsTo?: string
}

interface Target {
  readonly repository: string
  readonly kind: 'manifests' | 'blobs'
  /** A tag or a digest. */
  readonly reference: string
}

const jsonHeaders = { 'Content-Type': 'application/json' }

function refuse(status: number, code: string, message: string, headers: SimulatedResponse['headers'] = {}): SimulatedResponse {
  return { status, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify({ errors: [{ code, message, detail: {} }] }) }
}

function findTarget(pathname: string): Target | undefined {
  const match = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname)
  const [, repository, kind, reference] = match ?? []
  if (repository === undefined || reference === undefined) return undefined
  return { repository, kind: kind === 'blobs' ? 'blobs' : 'manifests', reference: decodeURIComponent(reference) }
}

/** Who asks, by the name and password that come with the request, if any do. */
function who({ headers }: SimulatedRequest, users: Readonly<Record<string, string>>): 'anyone' | 'known' | 'wrong' {
  const basic = /^basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (basic === undefined) return 'anyone'
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const name = text.slice(0, text.indexOf(':'))
  return Object.hasOwn(users, name) && users[name] === text.slice(name.length + 1) ? 'known' : 'wrong'
}

function send(found: StoredDocument, method: string): SimulatedResponse {
  const headers = {
    'Content-Type': found.mediaType,
    'Content-Length': String(Buffer.byteLength(found.body)),
    'Docker-Content-Digest': found.digest,
  }
  return { status: 200, headers, ...(method !== 'HEAD' && { body: found.body }) }
}

/** A client that does not accept an index gets one platform's manifest instead (distribution/distribution#2310). */
function accepted(found: StoredDocument, { headers: { accept = '' } }: SimulatedRequest, images: readonly RegistryImage[]): StoredDocument {
  if (found.mediaType !== mediaTypes.index || accept.includes('*/*') || accept.includes(found.mediaType)) return found
  const { manifests } = JSON.parse(found.body) as { manifests: readonly { digest: string; platform: { architecture: string } }[] }
  const usual = manifests.find(({ platform }) => platform.architecture === 'amd64')
  return images.flatMap((image) => image.manifests).find(({ digest }) => digest === usual?.digest) ?? found
}

/**
 * A registry that speaks the OCI distribution protocol (version 2, reading only) and hands a token to everyone who asks, as Docker Hub does for public
 * images. It serves manifests and image configurations, and no layers: nothing in the simulation unpacks an image.
 * A private image needs a token that was given for a password.
 */
export function createRegistry(_simulation: Simulation, options: RegistryOptions = {}): { service: Service } {
  const { images = defaultImages, users = {}, scheme = 'bearer', leadsTo } = options
  const secret = randomBytes(32)
  // No expiry: at a high rate of simulated time a token would be dead before it is used.
  const tokenFor = (scope: string, known: boolean) => createHmac('sha256', secret).update(`${scope} ${known}`).digest('base64url')

  function challenge({ url }: SimulatedRequest, scope: string | undefined, message: string): SimulatedResponse {
    const basic = `Basic realm="${url.origin}/"`
    const bearer = `Bearer realm="${url.origin}/token",service="registry.simulated"`
    const offered = { basic, bearer: scope === undefined ? bearer : `${bearer},scope="${scope}"`, both: [basic, bearer] }[scheme]
    return refuse(401, 'UNAUTHORIZED', message, { 'Www-Authenticate': offered })
  }

  function read(request: SimulatedRequest, { repository, kind, reference }: Target): SimulatedResponse {
    const scope = `repository:${repository}:pull`
    const { authorization } = request.headers
    const isKnown =
      (scheme !== 'bearer' && who(request, users) === 'known') ||
      (scheme !== 'basic' && authorization === `Bearer ${tokenFor(scope, true)}`)
    const isAnyone = scheme !== 'basic' && authorization === `Bearer ${tokenFor(scope, false)}`
    if (!isKnown && !isAnyone) return challenge(request, scope, 'authentication required')
    const known = images.filter((image) => image.repository === repository)
    if (!isKnown && known.some((image) => image.private)) return challenge(request, scope, 'access to the resource is denied')
    if (known.length === 0) return refuse(404, 'NAME_UNKNOWN', 'repository name not known to registry')
    const tagged = known.find(({ tag }) => kind === 'manifests' && tag === reference)?.root
    const found =
      tagged ?? known.flatMap((image) => (kind === 'blobs' ? image.configs : image.manifests)).find(({ digest }) => digest === reference)
    if (found) return send(accepted(found, request, known), request.method)
    return kind === 'blobs' ? refuse(404, 'BLOB_UNKNOWN', 'blob unknown to registry') : refuse(404, 'MANIFEST_UNKNOWN', 'manifest unknown')
  }

  const service: Service = {
    name: 'registry',
    operation({ method, url }) {
      const target = findTarget(url.pathname)
      return `${method} ${target ? `/v2/…/${target.kind}` : url.pathname}`
    },
    parameters: ({ url, headers }) => ({ anonymous: headers.authorization === undefined, ...Object.fromEntries(url.searchParams) }),
    handle(request) {
      const { method, url } = request
      if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'UNSUPPORTED', 'this registry can only be read')
      if (url.pathname === '/token') {
        const asker = who(request, users)
        if (asker === 'wrong') return refuse(401, 'UNAUTHORIZED', 'incorrect username or password')
        const token = tokenFor(url.searchParams.get('scope') ?? '', asker === 'known')
        return { status: 200, headers: jsonHeaders, body: JSON.stringify({ token, access_token: token, expires_in: 300 }) }
      }
      if (url.pathname === '/v2/') {
        return request.headers.authorization === undefined
          ? challenge(request, undefined, 'authentication required')
          : { status: 200, headers: jsonHeaders, body: '{}' }
      }
      const target = findTarget(url.pathname)
      if (target === undefined) return refuse(404, 'UNSUPPORTED', 'no such route')
      return leadsTo === undefined ? read(request, target) : { status: 307, headers: { Location: new URL(url.pathname, leadsTo).href } }
    },
    error: (status, code, message) => refuse(status, code, message, status === 429 ? { 'Retry-After': '30' } : {}),
  }
  return { service }
}
