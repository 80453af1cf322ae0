import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where every pod's port 8000 leads on this machine: kwok forwards there what the API server forwards to it. */
export const modelPort = 8009

/** kwok's configuration of port-forwards (kwok.x-k8s.io/v1alpha1): one server stands for the vLLM of all pods. */
export const forwardedModels: readonly object[] = [
  {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterPortForward',
    metadata: { name: 'models' },
    spec: { forwards: [{ ports: [8000], target: { port: modelPort, address: '127.0.0.1' } }] },
  },
]

/** vLLM's `/v1/models` and streamed `/v1/completions`, the first token after so many milliseconds. */
export async function serveModels(firstTokenMs: number): Promise<AsyncDisposable & { readonly asked: readonly string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/v1/models') return response.end(JSON.stringify({ object: 'list', data: [{ id: 'mistral' }] }))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    return setTimeout(() => response.end('data: {"choices":[{"text":" Paris"}]}\n\ndata: [DONE]\n\n'), firstTokenMs)
  })
  await new Promise<void>((resolve) => server.listen(modelPort, '127.0.0.1', resolve))
  if ((server.address() as AddressInfo).port !== modelPort) throw new Error(`Not on ${modelPort}`)
  return {
    asked,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}
