import { request as httpRequest, type IncomingMessage } from 'node:http'
import { PrebakeError } from '@prebake/kernel'
import type { ClusterErrorCode } from './error-codes.ts'
import { forwardPort, type ForwardOptions, type PodPort } from './port-forward.ts'
import { readStart } from './read-body.ts'

/** Enough of an error's body for its message. */
const errorBytes = 64 * 1024

export interface PodRequest {
  readonly path: string
  /** Sent as JSON with POST; left out: GET. */
  readonly body?: object
  /** Called when the connection stands and the request is sent. */
  readonly onSent?: () => void
}

/**
 * One HTTP request to a pod's server over a port-forward of its own, and its successful response.
 * @throws PrebakeError for a pod that is not reached, and for any status but 2xx, with the server's own words
 */
export async function requestPod(
  pod: PodPort,
  { path, body, onSent }: PodRequest,
  options: ForwardOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const connection = await forwardPort(pod, options, signal)
  if (connection.errored !== null) throw connection.errored
  const text = body && JSON.stringify(body)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(
      {
        createConnection: () => connection,
        method: text === undefined ? 'GET' : 'POST',
        path,
        // As `kubectl port-forward` would be used; the name decides nothing.
        headers: {
          host: `localhost:${pod.port}`,
          connection: 'close',
          ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
        signal,
      },
      resolve,
    )
    sent.on('error', reject)
    connection.on('error', reject)
    onSent?.()
    sent.end(text)
  }).catch((cause: unknown) => {
    if (cause instanceof PrebakeError || signal.aborted) throw cause
    const code = 'pod-not-reached' satisfies ClusterErrorCode
    throw new PrebakeError(`Ask Pod ${pod.name} for ${path}: ${(cause as Error).message}.`, { code, cause })
  })
  const { statusCode = 0 } = response
  if (statusCode >= 200 && statusCode < 300) return response
  const said = messageOf((await readStart(response, errorBytes)).text)
  const code = 'pod-refused' satisfies ClusterErrorCode
  throw new PrebakeError(`Ask Pod ${pod.name} for ${path}: it answered ${statusCode}${said === '' ? '' : `, ${said}`}.`, { code })
}

/** vLLM's `{ "error": { "message" } }` or `{ "detail" }`, else the beginning of the text. */
function messageOf(text: string): string {
  try {
    const { error, message, detail } = JSON.parse(text) as { error?: { message?: string } | string; message?: string; detail?: string }
    const said = (typeof error === 'object' ? error.message : error) ?? message ?? detail
    if (typeof said === 'string') return said.slice(0, 300).replace(/\.$/, '')
  } catch {
    // Not JSON.
  }
  return text.trim().split('\n')[0]?.slice(0, 100) ?? ''
}
