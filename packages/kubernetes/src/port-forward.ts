import type { RequestOptions } from 'node:https'
import { Duplex, PassThrough } from 'node:stream'
import type { KubeConfig } from '@kubernetes/client-node'
import { PrebakeError } from '@prebake/kernel'
import WebSocket, { type ClientOptions } from 'ws'
import type { ClusterErrorCode } from './error-codes.ts'
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
    return socket
  }
  try {
    const forward = new PortForward(config, false, new WebSocketHandler(config, connect))
    const socket = await forward.portForward(namespace, name, [port], output, broken, input)
    stream.on('close', () => typeof socket === 'object' && socket.terminate())
    return stream
  } catch (cause) {
    const message = (cause as { readonly message?: string }).message ?? String(cause)
    const status = /Unexpected server response: (\d{3})/.exec(message)?.[1]
    if (status === undefined) throw unreached(operation, message, cause)
    const refused = refusal(operation, Number(status), {}, `the API server answered ${status}`)
    throw status === '403' ? new PrebakeError(refused.message, { code: refused.errorCode ?? '', hint: rights, cause }) : refused
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
