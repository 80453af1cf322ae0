import type { RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { proxyEnvironment } from '@prebake/http'
import { CancelledError, PrebakeError, timedRequest, type Clock } from '@prebake/kernel'
import { connectionError, type Stage } from './connection-error.ts'
import type { NetworkPath } from './connectivity-hint.ts'
import type { ClusterErrorCode } from './error-codes.ts'
import { readBody, readStart, type PartialText } from './read-body.ts'
import { refusal, retryAfterSeconds } from './refusal.ts'
import { createAgent, sendRequest, type Answer } from './send-request.ts'

export interface ApiRequest {
  /** `apply Deployment default/vllm`; begins the message of an error. */
  readonly operation: string
  /** With its query, relative to the API server's root: `/api/v1/pods?limit=500`. */
  readonly path: string
  /** Default: PATCH with a patch, otherwise GET. */
  readonly method?: 'DELETE'
  readonly patch?: {
    readonly contentType: string
    readonly body: unknown
    /** Whether a second one changes nothing more: it is then repeated like a GET, since an answer that is lost does not say whether the first took effect. */
    readonly idempotent?: boolean
  }
}

/**
 * The API server over HTTP. Every method throws ServiceError with the server's own message, ConnectionError, PrebakeError for a response that is too large,
 * InputError if the kubeconfig yields no credentials, and CancelledError.
 */
export interface ApiClient {
  /** A log, as `read` keeps it. Retried like `json`. */
  log(request: ApiRequest, read: (body: AsyncIterable<Uint8Array>) => Promise<PartialText>, signal: AbortSignal): Promise<PartialText>
  /** The parsed response. GETs and idempotent patches are retried up to three times after a transient failure; other writes never. */
  json(request: ApiRequest, signal: AbortSignal): Promise<unknown>
  /** The chunks of a GET whose response does not end, such as a watch. Not retried; ends with ConnectionError when it breaks or is silent for too long. */
  stream(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export interface ApiClientOptions {
  readonly address: string
  readonly authenticate: () => Promise<RequestOptions>
  /** The endpoint's settings in EKS, for the message when it cannot be reached. */
  readonly endpoint?: NetworkPath['endpoint']
  /** Provides the proxy. */
  readonly env?: NodeJS.ProcessEnv
  /** Times the pauses between attempts. The limits are in real time, because a real network is silent. */
  readonly clock: Clock
  /** Time limit of one attempt, from credentials to the last byte; for a stream, to its first. */
  readonly requestLimitMs?: number
  /** The longest silence of a stream. The API server sends a bookmark about every minute. */
  readonly silenceLimitMs?: number
  /** Size limit of a response (default: 64 MiB, more than a page of 500 objects of etcd's usual size). */
  readonly limitBytes?: number
}

type Outcome<T> =
  | { readonly value: T }
  | {
      readonly failure: PrebakeError
      readonly retry: boolean
      /** The pause that the server asks for, if any. */
      readonly pauseSeconds?: number | undefined
    }

const attempts = 4
/** Enough of an error response for its Status. */
const refusalBytes = 2 ** 20
const longestPauseSeconds = 60

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { address, authenticate, endpoint, env = {}, clock } = options
  const { requestLimitMs = 30_000, silenceLimitMs = 150_000, limitBytes = 64 * 2 ** 20 } = options
  const server = new URL(address)
  const root = server.pathname.replace(/\/+$/, '')
  const agent = createAgent(server, env)
  const proxy = proxyEnvironment(env, schemeOf(server)).proxy?.variable

  /** Sends the request once and reads a successful response with `read`. `limit` ends it and includes `signal`, which cancels it. */
  async function once<T>(
    request: ApiRequest,
    read: (answer: Answer) => Promise<T>,
    limit: AbortSignal,
    signal: AbortSignal,
  ): Promise<Outcome<T>> {
    const { operation, path, patch, method = patch ? 'PATCH' : 'GET' } = request
    let stage = 'credentials' as Stage
    let resolved: string | undefined = isIP(server.hostname) ? server.hostname : undefined
    const onConnected = () => (stage = 'connected')
    const onResolved = (address: string) => (resolved = address)
    try {
      const authentication = await unlessAborted(authenticate(), limit)
      stage = 'connecting'
      const headers = { accept: 'application/json', 'user-agent': 'prebake', ...(patch && { 'content-type': patch.contentType }) }
      const sent = { server, path: root + path, headers, authentication, signal: limit, onConnected, onResolved }
      const body = patch && { body: JSON.stringify(patch.body) }
      const answer = await timedRequest(
        { method, host: server.host, operation },
        () => sendRequest({ ...sent, method, ...body }, agent),
        ({ status }) => status,
      )
      if (answer.status >= 200 && answer.status < 300) return { value: await read(answer) }
      const failure = refusal(operation, answer.status, answer.headers, (await readStart(answer.body, refusalBytes)).text)
      return { failure, retry: failure.transient, pauseSeconds: retryAfterSeconds(answer.headers, clock.now()) }
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      if (error instanceof PrebakeError) throw error
      const path = { endpoint, resolved, proxy }
      const failure = connectionError(error, { address, timedOut: limit.aborted, stage, limitMs: requestLimitMs, ...path })
      // Not retried without a connection: that would take two more minutes, and the endpoint is probably private.
      return { failure, retry: failure.transient && !(limit.aborted && stage !== 'connected') }
    }
  }

  async function send<T>(request: ApiRequest, read: (answer: Answer) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(request, read, AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]), signal)
      if ('value' in outcome) return outcome.value
      const { failure, retry, pauseSeconds: seconds = 2 ** (attempt - 1) } = outcome
      const repeatable = request.patch === undefined ? request.method === undefined : request.patch.idempotent === true
      if (!repeatable || attempt === attempts || !retry) throw failure
      if (seconds > longestPauseSeconds) throw failure
      await clock.sleep(seconds * 1000, signal)
    }
  }

  async function json(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    const body = await send(request, (answer) => readBody(answer.body, limitBytes, request.operation), signal)
    try {
      return JSON.parse(body)
    } catch (cause) {
      const hint = 'This is not the response of a Kubernetes API server. Check the server in the kubeconfig.'
      const code = 'cluster-response-malformed' satisfies ClusterErrorCode
      throw new PrebakeError(`${request.operation}: the response of ${address} is not JSON.`, { code, hint, cause })
    }
  }

  async function stream(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), requestLimitMs)
    const limit = AbortSignal.any([signal, end.signal])
    const outcome = await once(request, (answer) => Promise.resolve(audible(answer.body, end, signal)), limit, signal).finally(() =>
      clearTimeout(timer),
    )
    if ('value' in outcome) return outcome.value
    throw outcome.failure
  }

  async function* audible(body: AsyncIterable<Uint8Array>, end: AbortController, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const timer = setTimeout(() => end.abort(), silenceLimitMs)
    try {
      for await (const chunk of body) {
        timer.refresh()
        yield chunk
      }
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      throw connectionError(error, { address, timedOut: end.signal.aborted, stage: 'connected', limitMs: silenceLimitMs })
    } finally {
      clearTimeout(timer)
      end.abort()
    }
  }

  return { log: (request, read, signal) => send(request, (answer) => read(answer.body), signal), json, stream }
}

function schemeOf({ protocol }: URL): 'http' | 'https' {
  return protocol === 'http:' ? 'http' : 'https'
}

/** Credentials may come from a command that hangs. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
