import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface Completions {
  /** kwok's configuration: what is forwarded to port 8000 of any pod arrives here. */
  readonly forwards: readonly object[]
  stop(): Promise<void>
}

/** vLLM's server in the place of every pod's, as far as a first token is asked for: kwok's pods run nothing. */
export async function serveCompletions(model: string): Promise<Completions> {
  const server = createServer((request, response) => void answer(model, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const forwards = [{ ports: [8000], target: { address: '127.0.0.1', port } }]
  return {
    forwards: [{ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'ClusterPortForward', metadata: { name: 'vllm' }, spec: { forwards } }],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(model: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/v1/models') return void response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model' }] }))
  const { model: wanted } = (await json(request)) as { readonly model?: string }
  if (request.url !== '/v1/completions' || wanted !== model) return void response.writeHead(404).end('{"detail":"Not Found"}')
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const text of [' one', ' two']) response.write(`data: ${JSON.stringify({ choices: [{ index: 0, text }] })}\n\n`)
  response.end('data: [DONE]\n\n')
}
