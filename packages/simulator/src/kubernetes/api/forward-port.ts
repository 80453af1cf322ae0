import { createServer, type Server } from 'node:http'
import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Tunnel } from '../../core/serve.ts'
import type { Cluster } from '../cluster.ts'
import type { Pod } from '../objects.ts'
import { answerCompletions } from '../vllm/answer-completions.ts'
import type { ResourcePath } from './read-path.ts'
import { badRequest, noSuchResource, notFound } from './status.ts'

/** The kubelet's streaming server (k8s.io/kubelet, pkg/cri/streaming/portforward/websocket.go): a channel for the data of a port, one for its errors. */
const protocol = 'v4.channel.k8s.io'
const [dataChannel, errorChannel] = [0, 1]

/** The port-forward of a pod. Each channel begins with the port's number, two bytes, the low one first. @throws StatusError 400, 404. */
export function forwardPort(cluster: Cluster, path: ResourcePath | undefined, parameters: URLSearchParams): Tunnel {
  if (path?.subresource !== 'portforward' || path.name === undefined) throw noSuchResource()
  const { kind, name, namespace } = path
  const pod = cluster.store.get<Pod>('Pod', name, namespace)
  if (!pod) throw notFound(kind, name)
  if (pod.spec.nodeName === undefined) throw badRequest(`pod ${name} does not have a host assigned`)
  const port = Number(parameters.get('ports'))
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badRequest(`unable to parse "${parameters.get('ports')}" as a port`)
  return { protocol, open: (socket) => connect(cluster, pod, port, socket) }
}

function connect(cluster: Cluster, { metadata: { name, uid } }: Pod, port: number, socket: WebSocket): void {
  const number = Buffer.alloc(2)
  number.writeUInt16LE(port)
  const send = (channel: number, data: Buffer) => socket.send(Buffer.concat([Buffer.from([channel]), data]))
  send(dataChannel, number)
  send(errorChannel, number)
  const listening = cluster.servers.get(uid)
  if (listening?.port !== port || listening.servingAt > cluster.agenda.now()) {
    const problem = `failed to connect to localhost:${port} inside namespace "${uid}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`
    send(
      errorChannel,
      Buffer.from(`an error occurred forwarding ${port} -> ${port}: error forwarding port ${port} to pod ${name}, uid : ${problem}`),
    )
    socket.close()
    return
  }
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      send(dataChannel, chunk)
      done()
    },
    final(done) {
      socket.close()
      done()
    },
  })
  socket.on('message', (message: Buffer) => {
    if (message[0] === dataChannel) stream.push(message.subarray(1))
  })
  socket.on('close', () => stream.destroy())
  socket.on('error', () => stream.destroy())
  stream.on('error', () => undefined)
  httpServerOf(cluster, uid).emit('connection', stream)
}

function httpServerOf(cluster: Cluster, uid: string): Server {
  return createServer((request, response) => void answerCompletions(cluster, uid, request, response))
}
