import { PrebakeError } from '@prebake/kernel'

/** A line that is not JSON: nearly always the last one of an answer that something on the way has cut. */
export class TruncatedStreamError extends PrebakeError {
  constructor(operation: string, cause: unknown) {
    super(`${operation}: a line of the answer is cut or is not JSON.`, {
      hint: 'Check the server in the kubeconfig, and any proxy.',
      cause,
      transient: true,
    })
  }
}

/**
 * The values of a stream with one JSON value a line, however its bytes are cut into chunks.
 * @throws TruncatedStreamError
 */
export async function* jsonLines(operation: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const parse = (line: string): unknown => {
    try {
      return JSON.parse(line)
    } catch (cause) {
      throw new TruncatedStreamError(operation, cause)
    }
  }
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield parse(rest)
}
