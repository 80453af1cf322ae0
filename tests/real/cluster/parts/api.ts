import { readFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { KeyPair } from './write-certificates.ts'

export interface ApiObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
    readonly generation?: number
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[]
  }
  readonly spec?: unknown
  readonly status?: unknown
}

/** The API server as the test's own administrator: not the client under test, so that a fault of that one cannot hide. */
export interface Api {
  get<T = ApiObject>(path: string): Promise<T | undefined>
  list<T = ApiObject>(path: string): Promise<readonly T[]>
  create(path: string, body: unknown): Promise<ApiObject>
  /** A merge patch; `undefined` where there is no such object any more. */
  patch(path: string, body: unknown): Promise<ApiObject | undefined>
  remove(path: string): Promise<void>
  /** Each object of a list as it is, then as it becomes, until `signal` aborts. @throws Error when the server ends the watch before. */
  watch(path: string, onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: ApiObject) => void, signal: AbortSignal): Promise<void>
}

/** @throws Error with the API server's own words for every refusal but 404 where a missing object is an answer */
export function openApi(server: string, authority: string, { key, certificate }: KeyPair): Api {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(authority), key: readFileSync(key), cert: readFileSync(certificate) })

  async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const outgoing = request(new URL(path, server), { method, agent, headers: { 'content-type': contentType } })
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    const answer = await answerTo(outgoing)
    const said = await text(answer)
    const status = answer.statusCode ?? 0
    if (status >= 300 && status !== 404) throw new Error(`${method} ${path}: ${status}: ${said}`)
    return { status, body: said.startsWith('{') ? JSON.parse(said) : said }
  }
  async function watch(path: string, onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: ApiObject) => void, signal: AbortSignal) {
    const outgoing = request(new URL(`${path}${path.includes('?') ? '&' : '?'}watch=1`, server), { agent, signal })
    outgoing.end()
    try {
      const answer = await answerTo(outgoing)
      for await (const line of createInterface(answer)) {
        const { type, object } = JSON.parse(line) as { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR'; object: ApiObject }
        if (type === 'ERROR') throw new Error(`Watch ${path}: ${line}`)
        onChange(type, object)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    if (!signal.aborted) throw new Error(`Watch ${path}: the server ended it.`)
  }
  async function found(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await send(method, path, body)
    return answer.status === 404 ? undefined : answer.body
  }

  return {
    get: async <T>(path: string) => (await found('GET', path)) as T | undefined,
    list: async <T>(path: string) => ((await found('GET', path)) as { items?: readonly T[] } | undefined)?.items ?? [],
    async create(path, body) {
      const answer = await send('POST', path, body)
      if (answer.status === 404) throw new Error(`POST ${path}: the API server knows no such place.`)
      return answer.body as ApiObject
    },
    patch: async (path, body) => (await found('PATCH', path, body)) as ApiObject | undefined,
    remove: async (path) => void (await found('DELETE', path)),
    watch,
  }
}

function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve).on('error', reject)
  })
}
