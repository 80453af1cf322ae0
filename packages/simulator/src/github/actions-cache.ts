import type { Service, SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { githubJson } from './route.ts'

/** Of a job: it writes to the scope of its own ref, and reads that one and the default branch's. */
export const runtimeTokens = { defaultBranch: 'runtime-of-main', pullRequest: 'runtime-of-pull-1' } as const

interface Entry {
  readonly scope: string
  readonly key: string
  readonly version: string
  content: Uint8Array
  /** Only then it can be found. */
  finalized: boolean
}

const service = '/twirp/github.actions.results.api.v1.CacheService'
const main = 'refs/heads/main'
const scopes: Readonly<Record<string, readonly string[]>> = {
  [runtimeTokens.defaultBranch]: [main],
  [runtimeTokens.pullRequest]: ['refs/pull/1/merge', main],
}

/**
 * GitHub's cache service, version 2: its Twirp API as `@actions/cache` calls it (generated/results/api/v1/cache.ts), and the blobs that its signed addresses
 * name. An entry is written once, found by its exact key or by the newest with a prefix, in the job's own scope first
 * (https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching#cache-key-matching).
 */
export function createActionsCache() {
  let entries: Entry[] = []

  function call(request: SimulatedRequest): SimulatedResponse {
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const readable = scopes[token]
    const [scope] = readable ?? []
    if (readable === undefined || scope === undefined) return githubJson(401, { code: 'unauthenticated', msg: 'invalid token' })
    const given = JSON.parse(request.body.toString('utf8')) as { key: string; version: string; restore_keys?: readonly string[] }
    const own = entries.find((each) => each.scope === scope && each.key === given.key && each.version === given.version)
    const blob = (entry: Entry) => `http://${request.headers.host}/blobs/${entries.indexOf(entry)}?sig=simulated`
    switch (request.url.pathname.slice(service.length + 1)) {
      case 'CreateCacheEntry': {
        if (own !== undefined)
          return githubJson(409, { code: 'already_exists', msg: 'cache entry with the same key, version, and scope already exists' })
        const entry = { scope, key: given.key, version: given.version, content: new Uint8Array(), finalized: false }
        entries.push(entry)
        return githubJson(200, { ok: true, signed_upload_url: blob(entry) })
      }
      case 'FinalizeCacheEntryUpload':
        if (own === undefined) return githubJson(404, { code: 'not_found', msg: 'cache entry not found' })
        own.finalized = true
        return githubJson(200, { ok: true, entry_id: String(entries.indexOf(own) + 1) })
      case 'GetCacheEntryDownloadURL': {
        const found = find(readable, given.version, [given.key, ...(given.restore_keys ?? [])])
        return githubJson(200, found === undefined ? { ok: false } : { ok: true, matched_key: found.key, signed_download_url: blob(found) })
      }
      default:
        return githubJson(404, { code: 'bad_route', msg: 'no handler for path' })
    }
  }

  function find(readable: readonly string[], version: string, [exact = '', ...prefixes]: readonly string[]): Entry | undefined {
    for (const scope of readable) {
      const there = entries.filter((entry) => entry.finalized && entry.scope === scope && entry.version === version)
      const found =
        there.find(({ key }) => key === exact) ??
        [exact, ...prefixes].map((prefix) => there.findLast(({ key }) => key.startsWith(prefix))).find((entry) => entry !== undefined)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Azure's blobs: https://learn.microsoft.com/rest/api/storageservices/put-blob. */
  function blob({ method, url, headers, body }: SimulatedRequest): SimulatedResponse {
    const entry = entries[Number(url.pathname.split('/')[2])]
    if (entry === undefined || url.searchParams.get('sig') === null) return { status: 403, body: 'AuthenticationFailed' }
    if (method === 'GET') return { status: 200, headers: { 'content-length': String(entry.content.length) }, body: entry.content }
    if (headers['x-ms-blob-type'] !== 'BlockBlob' || entry.finalized) return { status: 400, body: 'InvalidHeaderValue' }
    entry.content = body
    return { status: 201, headers: { etag: '"0x1"', 'last-modified': new Date(0).toUTCString(), 'x-ms-request-id': 'simulated' } }
  }

  const simulated: Service = {
    name: 'actions-cache',
    operation: ({ method, url }) => `${method} ${url.pathname.startsWith(service) ? url.pathname.slice(service.length + 1) : 'blob'}`,
    handle: (request) => (request.url.pathname.startsWith(`${service}/`) ? call(request) : blob(request)),
    error: (status, code, message) => githubJson(status, { code, msg: message }),
  }
  return {
    service: simulated,
    keys: () => entries.filter(({ finalized }) => finalized).map(({ key }) => key),
    evict: () => void (entries = []),
  }
}
