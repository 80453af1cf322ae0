import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'

/**
 * vLLM's OpenAI-compatible server as far as it is asked: `/health`, `/v1/models` and streamed `/v1/completions` (vllm/entrypoints/openai, the forms of 0.11:
 * an error is `{ "error": { "message", "type", "code" } }`, a stream is server-sent events that end with `[DONE]`).
 */
export async function answerCompletions(cluster: Cluster, uid: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const server = cluster.servers.get(uid)
  const json = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (server === undefined) {
    response.destroy()
    return
  }
  if (request.url === '/health') {
    response.end()
    return
  }
  if (request.method === 'GET' && request.url === '/v1/models') {
    json(200, { object: 'list', data: [{ id: server.servedName, object: 'model', owned_by: 'vllm' }] })
    return
  }
  if (request.method !== 'POST' || request.url !== '/v1/completions') {
    json(404, { detail: 'Not Found' })
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const {
    model,
    prompt,
    max_tokens: wanted = 16,
  } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown> & { max_tokens?: number }
  if (typeof prompt !== 'string') {
    json(400, { error: { message: 'Field required: prompt', type: 'BadRequestError', code: 400 } })
    return
  }
  if (model !== server.servedName) {
    json(404, { error: { message: `The model \`${String(model)}\` does not exist.`, type: 'NotFoundError', code: 404 } })
    return
  }
  const seconds = delayOf(cluster, server.completions++ === 0 ? 'firstCompletion' : 'warmCompletion', `${uid} ${server.completions}`)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  await new Promise<void>((resolve) => cluster.agenda.after(seconds, resolve))
  const id = `cmpl-${uid}`
  for (let token = 0; token < wanted; token++) {
    const choices = [{ index: 0, text: ` token${token}`, logprobs: null, finish_reason: token === wanted - 1 ? 'length' : null }]
    response.write(`data: ${JSON.stringify({ id, object: 'text_completion', model, choices })}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}
