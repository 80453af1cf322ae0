import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { Duplex, PassThrough } from 'node:stream'
import type { KubeConfig } from '@kubernetes/client-node'
import { PrebakeError, ServiceError } from '@prebake/kernel'
import WebSocket, { type ClientOptions } from 'ws'
import type { ClusterErrorCode } from './error-codes.ts'
import { readStart } from './read-body.ts'
import { refusal } from './refusal.ts'
import { createAgent, isPlainAgent } from './send-request.ts'

export interface ForwardOptions {
  readonly address: string
  readonly config: () => Promise<KubeConfig>
  /** Provides the proxy. */
  readonly env: NodeJS.ProcessEnv
}

export interface PodPort {
  readonly name: string
  readonly namespace: string
  readonly port: number
}

/** Enough of an error response for its Status. */
const refusalBytes = 64 * 1024

/** The API server needs both: the first for a WebSocket's GET, the second since Kubernetes 1.35 (AuthorizePodWebsocketUpgradeCreatePermission). */
const rights = 'Give this user a role with the verbs `get` and `create` on `pods/portforward` in the namespace.'

/**
 * A connection to a port of a pod, through the API server's port-forward (WebSocket). What the kubelet cannot connect to ends the stream with an error.
 * @throws PrebakeError; ServiceError where the API server refuses
 */
export async function forwardPort({ name, namespace, port }: PodPort, options: ForwardOptions, signal: AbortSignal): Promise<Duplex> {
  const operation = `port-forward Pod ${namespace}/${name} ${port}`
  const [{ PortForward }, { WebSocketHandler }, config] = await Promise.all([
    import('@kubernetes/client-node/dist/portforward.js'),
    import('@kubernetes/client-node/dist/web-socket-handler.js'),
    options.config(),
  ])
  const [output, input] = [new PassThrough(), new PassThrough()]
  const stream = Duplex.from({ readable: output, writable: input })
  // The kubelet may report before anything listens; `errored` then has it.
  stream.on('error', () => undefined)
  const broken = new PassThrough()
  broken.on('data', (text: Buffer) => {
    // The error channel too begins with the port's number, and is otherwise silent.
    if (text.length > 0) stream.destroy(unreached(operation, text.toString('utf8')))
  })
  const connect = (uri: string, protocols: string[], given: ClientOptions) => {
    const socket = new WebSocket(uri, protocols, throughProxy(given, options))
    signal.addEventListener('abort', () => socket.terminate(), { once: true })
    socket.on('close', () => output.end())
    // By itself the client says the status and no word of the answer.
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      const { statusCode = 0, headers } = response
      void readStart(response, refusalBytes).then(({ text }) => socket.emit('error', refusal(operation, statusCode, headers, text)))
    })
    return socket
  }
  try {
    const forward = new PortForward(config, false, new WebSocketHandler(config, connect))
    const socket = await forward.portForward(namespace, name, [port], output, broken, input)
    stream.on('close', () => typeof socket === 'object' && socket.terminate())
    return stream
  } catch (cause) {
    // The client hands on an event that has the error.
    const { error, message = String(cause) } = cause as { readonly error?: unknown; readonly message?: string }
    if (!(error instanceof ServiceError)) throw unreached(operation, message, cause)
    throw error.status === 403 ? new PrebakeError(error.message, { code: error.errorCode ?? '', hint: rights, cause: error }) : error
  }
}

function unreached(operation: string, reason: string, cause?: unknown): PrebakeError {
  const code = 'pod-not-reached' satisfies ClusterErrorCode
  return new PrebakeError(`${operation}: ${reason.trim().replace(/\.$/, '')}.`, { code, ...(cause !== undefined && { cause }) })
}

/** The client knows the proxy of a kubeconfig only. */
function throughProxy(given: ClientOptions, { address, env }: ForwardOptions): ClientOptions {
  const agent = given.agent as RequestOptions['agent']
  return isPlainAgent(agent) ? { ...given, agent: createAgent(new URL(address), env) } : given
}
