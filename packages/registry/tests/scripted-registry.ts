import { createHash } from 'node:crypto'
import type { Fetch } from '@prebake/http'
import { ociRegistry, type OciRegistryOptions } from '../src/index.ts'

/** A request as a registry sees it. */
export interface Asked {
  readonly url: URL
  readonly accept: string | undefined
  readonly authorization: string | undefined
}

/** What a server answers; `undefined` is 404. */
export type Script = (asked: Asked) => Response | undefined

/** Servers in memory, by host: what `ociRegistry` asks for goes to them, with pauses that take no time. */
export function scripted(hosts: Readonly<Record<string, Script>>, options: OciRegistryOptions = {}) {
  const asked: Asked[] = []
  const fetch: Fetch = async (url, { headers }) => {
    const request = { url, accept: headers['accept'], authorization: headers['authorization'] }
    asked.push(request)
    const script = hosts[url.host]
    if (script === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${url.host}`), { code: 'ENOTFOUND' })
    return script(request) ?? json({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }, { status: 404 })
  }
  const clock = { now: () => new Date(), sleep: async () => undefined }
  const { signal } = new AbortController()
  const registry = ociRegistry({ fetch, clock, ...options })
  return {
    asked,
    resolve: (registryHost: string, tag: string | undefined = 'v1', digest?: string, architecture: 'x86_64' | 'arm64' = 'x86_64') =>
      registry.resolve(
        { registry: registryHost, repository: 'team/vllm', tag: digest === undefined ? tag : undefined, digest },
        architecture,
        signal,
      ),
  }
}

export function json(value: unknown, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): Response {
  return new Response(typeof value === 'string' ? value : JSON.stringify(value), { status, headers })
}

export const redirect = (location: string, status = 307) => new Response(null, { status, headers: { location } })

export const digestOf = (text: string, algorithm = 'sha256') => `${algorithm}:${createHash(algorithm).update(text).digest('hex')}`

export interface Stored {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** Documents by their digests, and what a tag names. */
export function openStore() {
  const documents = new Map<string, string>()
  const keep = (mediaType: string, value: unknown): Stored => {
    const body = typeof value === 'string' ? value : JSON.stringify(value)
    const digest = digestOf(body)
    documents.set(digest, body)
    return { mediaType, digest, size: body.length }
  }
  /** Serves `root` for every tag, and whatever has the digest in the path. */
  const serve = (url: URL, root: Stored): Response | undefined => {
    const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '')
    const body = documents.get(name.includes(':') ? name : root.digest)
    return body === undefined ? undefined : json(body, { headers: { 'docker-content-digest': digestOf(body) } })
  }
  return { keep, serve }
}
