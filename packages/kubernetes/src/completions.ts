import { createInterface } from 'node:readline'
import { PrebakeError, type Clock } from '@prebake/kernel'
import type { Completions } from '@prebake/startup'
import type { ClusterErrorCode } from './error-codes.ts'
import { requestPod } from './pod-request.ts'
import type { ForwardOptions } from './port-forward.ts'
import { readStart } from './read-body.ts'

const modelsBytes = 2 ** 20

/** A chunk of a streamed completion (OpenAI API, "Completions"; vLLM's protocol.py, CompletionStreamResponse). */
interface Chunk {
  readonly choices?: readonly { readonly text?: string }[]
  readonly error?: { readonly message?: string }
}

/** Completions over port-forwards, one for each request, so that none shares a connection with another. Stamps by `clock`. */
export function createCompletions({ clock, ...options }: ForwardOptions & { readonly clock: Clock }): Completions {
  return {
    async models(pod, signal) {
      const response = await requestPod(pod, { path: '/v1/models' }, options, signal)
      const { text } = await readStart(response, modelsBytes)
      try {
        const { data = [] } = JSON.parse(text) as { data?: readonly { readonly id: string }[] }
        return data.map(({ id }) => id)
      } catch (cause) {
        throw refused(`Ask Pod ${pod.name} for its models: the answer is not JSON.`, cause)
      }
    },

    async stream(pod, { model, prompt, maxTokens }, signal) {
      let sentAt = clock.now()
      const body = { model, prompt, max_tokens: maxTokens, temperature: 0, stream: true }
      const response = await requestPod(pod, { path: '/v1/completions', body, onSent: () => (sentAt = clock.now()) }, options, signal)
      let firstTokenAt: Date | undefined
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        const now = clock.now()
        const data = /^data:\s*(.*)$/.exec(line)?.[1]
        if (data === undefined || data === '[DONE]') continue
        const { choices = [], error } = parseChunk(data)
        if (error !== undefined) throw refused(`Complete at Pod ${pod.name}: ${error.message ?? 'the server failed'}.`)
        if (firstTokenAt === undefined && choices.some(({ text = '' }) => text !== '')) firstTokenAt = now
      }
      if (firstTokenAt === undefined) throw refused(`Complete at Pod ${pod.name}: the stream ended without a token.`)
      return { sentAt, firstTokenAt }
    },
  }
}

function parseChunk(data: string): Chunk {
  try {
    return JSON.parse(data) as Chunk
  } catch (cause) {
    throw refused('Read a streamed completion: a chunk is not JSON.', cause)
  }
}

function refused(message: string, cause?: unknown): PrebakeError {
  return new PrebakeError(message, { code: 'pod-refused' satisfies ClusterErrorCode, ...(cause !== undefined && { cause }) })
}
