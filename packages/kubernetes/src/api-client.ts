import type { RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { CancelledError, PrebakeError, timedRequest, type Clock } from '@prebake/kernel'
import { connectionError, type Stage } from './connection-error.ts'
import type { NetworkPath } from './connectivity-hint.ts'
import { refusal, retryAfterSeconds } from './refusal.ts'
import { createAgents, sendRequest, type Answer } from './send-request.ts'

export interface ApiRequest {
  /** `apply Deployment default/vllm`; begins the message of an error. */
  readonly operation: string
  /** With its query, from the API server's root: `/api/v1/pods?limit=500`. */
  readonly path: string
  /** Left out, without a patch: a GET. */
  readonly method?: 'DELETE'
  readonly patch?: { readonly contentType: string; readonly body: unknown }
}

/**
 * The API server over HTTP. All of it throws ServiceError in the server's own words, ConnectionError, InputError where the kubeconfig gives no
 * credentials, and CancelledError.
 */
export interface ApiClient {
  /** The answer's text. GETs are retried up to three times after a transient failure; writes never. */
  text(request: ApiRequest, signal: AbortSignal): Promise<string>
  /** As `text`, parsed. */
  json(request: ApiRequest, signal: AbortSignal): Promise<unknown>
  /** A GET whose answer goes on: its chunks. Not tried again; ends with ConnectionError when it breaks or is silent for too long. */
  stream(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export interface ApiClientOptions {
  readonly address: string
  readonly authenticate: () => Promise<RequestOptions>
  /** What EKS says of the endpoint, for the message when it cannot be reached. */
  readonly endpoint?: NetworkPath['endpoint']
  /** For the proxy. */
  readonly env?: NodeJS.ProcessEnv
  /** For the pauses between tries. The limits are of real time, because it is a real network that keeps silent. */
  readonly clock: Clock
  /** For one request, from credentials to the last byte; for a stream, to its first. */
  readonly requestLimitMs?: number
  /** The longest silence of a stream. The API server sends a bookmark about every minute. */
  readonly silenceLimitMs?: number
}

type Outcome<T> =
  | { readonly value: T }
  | {
      readonly failure: PrebakeError
      readonly retry: boolean
      /** As the server asks; undefined where it does not. */
      readonly pauseSeconds?: number | undefined
    }

const tries = 4
const longestPauseSeconds = 60

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { address, authenticate, endpoint, env = {}, clock, requestLimitMs = 30_000, silenceLimitMs = 150_000 } = options
  const server = new URL(address)
  const root = server.pathname.replace(/\/+$/, '')
  const agents = createAgents(env)
  const proxy = proxyVariable(server, env)

  /** Sends the request once and reads a success with `read`. `limit` ends it; it includes `signal`, which cancels it. */
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
        () => sendRequest({ ...sent, method, ...body }, agents),
        ({ status }) => status,
      )
      if (answer.status >= 200 && answer.status < 300) return { value: await read(answer) }
      const failure = refusal(operation, answer.status, answer.headers, await textOf(answer))
      return { failure, retry: failure.transient, pauseSeconds: retryAfterSeconds(answer.headers, clock.now()) }
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      if (error instanceof PrebakeError) throw error
      const way = { endpoint, resolved, proxy }
      const failure = connectionError(error, { address, timedOut: limit.aborted, stage, limitMs: requestLimitMs, ...way })
      // Three more whole limits without a connection would be two minutes, for a private endpoint in most cases.
      return { failure, retry: failure.transient && !(limit.aborted && stage !== 'connected') }
    }
  }

  async function text(request: ApiRequest, signal: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(request, textOf, AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]), signal)
      if ('value' in outcome) return outcome.value
      const { failure, retry, pauseSeconds: seconds = 2 ** (attempt - 1) } = outcome
      if (request.patch || request.method || attempt === tries || !retry) throw failure
      if (seconds > longestPauseSeconds) throw failure
      await clock.sleep(seconds * 1000, signal)
    }
  }

  async function json(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    const body = await text(request, signal)
    try {
      return JSON.parse(body)
    } catch (cause) {
      const hint = 'This is not an answer of a Kubernetes API server. Check the server in the kubeconfig.'
      throw new PrebakeError(`${request.operation}: the answer of ${address} is not JSON.`, { hint, cause })
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

  return { text, json, stream }
}

/** The variable by which requests to this server go through a proxy, perhaps: NO_PROXY may name it. */
function proxyVariable({ protocol }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  return env[name] || env[name.toLowerCase()] ? name : undefined
}

async function textOf(answer: Answer): Promise<string> {
  return (await buffer(answer.body)).toString('utf8')
}

/** Credentials may come from a command that hangs. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
