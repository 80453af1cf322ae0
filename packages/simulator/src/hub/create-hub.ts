import type { Service, SimulatedRequest, SimulatedResponse, Simulation } from '../core/serve.ts'
import { timings } from '../timings.ts'
import { describeModel, listTree } from './api.ts'
import { openLine, resolveFile, sendFile } from './files.ts'
import { digest, store, type StoredFile } from './content.ts'
import { models } from './models.ts'
import type { HubModel } from './repository.ts'
import * as refusals from './refusals.ts'
import { findRoute, nameOperation, type Route } from './route.ts'
import { createSigner } from './signature.ts'

export interface HubOptions {
  /** Files are served at 1/scale of their size (default 64); the line counts their full size. */
  readonly scale?: number
  /** One token whose account was let into the gated models, and one whose account was not. */
  readonly tokens?: { readonly granted: string; readonly denied: string }
  /** Entries on one page of a file list (default 1000, as the real hub). */
  readonly pageSize?: number
  /**
   * Name of this machine in signed addresses (default: as the hub was asked). The real store is another host than the hub: the real client goes on
   * with HEAD, which a store refuses, where a redirect stays on the hub's own.
   */
  readonly storeHost?: string
  /** Further models. One takes the place of the hub's own of the same name. */
  readonly models?: readonly HubModel[]
}

type Caller = 'stranger' | 'granted' | 'denied' | 'unknown-token'

/** A model hub that behaves as huggingface.co does: redirects, signed addresses, ranges, tokens and gated models. */
export function createHub(simulation: Simulation, options: HubOptions = {}): { service: Service } {
  const { scale = 64, tokens = { granted: 'hf_granted', denied: 'hf_denied' }, pageSize = 1000, storeHost, models: further = [] } = options
  const { hubGigabyteOnOneConnection: one, hubGigabyteOnAllConnections: all } = timings
  const throttle = openLine(simulation.clock, one.seconds, all.seconds)
  const signer = createSigner(simulation.clock)
  const repositories = new Map(
    [...models, ...further].map((model) => [model.id, { model, files: model.files.map((file) => store(model, file, scale)) }]),
  )
  const signed = new Map<string, StoredFile>()

  function callerOf({ headers }: SimulatedRequest): Caller {
    if (headers.authorization === undefined) return 'stranger'
    const token = /^Bearer (.+)$/.exec(headers.authorization)?.[1]
    if (token === tokens.granted) return 'granted'
    return token === tokens.denied ? 'denied' : 'unknown-token'
  }

  async function answer(request: SimulatedRequest, route: Exclude<Route, { kind: 'cdn' | 'none' }>): Promise<SimulatedResponse> {
    const caller = callerOf(request)
    const wording = route.kind === 'model' || route.kind === 'tree' ? 'json' : 'text'
    if (caller === 'unknown-token') return refusals.unknownToken(wording)
    const repository = repositories.get(route.model)
    if (!repository) return refusals.unknownModel(caller === 'stranger', wording)
    const { model, files } = repository
    if (![model.commit, ...(route.kind === 'cache' ? [] : ['main', 'HEAD'])].includes(route.revision)) {
      return refusals.unknownRevision(route.revision, wording)
    }
    if (route.kind === 'model') return describeModel(model, request.url.searchParams)
    if (route.kind === 'tree') return listTree(files, route.folder, request.url, pageSize)
    if (model.gated !== false && caller !== 'granted') return refusals.gated(model.id, caller === 'stranger')
    const file = files.find(({ path }) => path === route.path)
    if (!file) return refusals.unknownEntry('text')
    if (route.kind === 'cache') return sendFile(file, request, throttle, { 'X-Repo-Commit': model.commit })
    if (file.lfs) signed.set(await digest(file), file)
    return resolveFile(file, request, { signer, throttle, storeHost })
  }

  function download(request: SimulatedRequest, sha256: string): SimulatedResponse {
    const file = signed.get(sha256)
    // The signature is for GET: HEAD is refused, as the real network does (hf_transfer#1).
    const mayRead = request.method === 'GET' && signer.accepts(request.url.pathname, request.url.searchParams)
    return file && mayRead ? sendFile(file, request, throttle, { 'Accept-Ranges': 'bytes', ETag: `"${sha256}"` }) : refusals.accessDenied
  }

  const service: Service = {
    name: 'hub',
    operation: ({ method, url }) => nameOperation(method, findRoute(url.pathname), (sha256) => signed.get(sha256)?.path),
    parameters: (request) => ({
      caller: callerOf(request),
      ...(request.headers.range !== undefined && { range: request.headers.range }),
      ...Object.fromEntries([...request.url.searchParams].filter(([name]) => ['recursive', 'cursor', 'Expires'].includes(name))),
    }),
    handle(request) {
      const route = findRoute(request.url.pathname)
      if (route.kind === 'none' || !['GET', 'HEAD'].includes(request.method)) return refusals.refuse(404, undefined, 'Not found', 'text')
      return route.kind === 'cdn' ? download(request, route.sha256) : answer(request, route)
    },
    error: (status, code, message) => (code === 'AccessDenied' ? refusals.accessDenied : refusals.refuse(status, code, message)),
  }
  return { service }
}
