import { PrebakeError } from '@prebake/kernel'
import type { ClusterErrorCode } from './error-codes.ts'

/** A line that is not JSON: nearly always the last one of a response that was cut on the way. */
export class TruncatedStreamError extends PrebakeError {
  constructor(operation: string, cause: unknown) {
    super(`${operation}: a line of the response is cut or is not JSON.`, {
      code: 'cluster-response-malformed' satisfies ClusterErrorCode,
      hint: 'Check the server in the kubeconfig, and any proxy.',
      cause,
      transient: true,
    })
  }
}

/** An object of etcd has at most 1.5 MiB by default, and up to 10 MiB where that was raised. */
const usualLineLimit = 16 * 2 ** 20

/**
 * The values of a stream with one JSON value per line, in chunks of any size.
 * @throws TruncatedStreamError; PrebakeError `cluster-response-too-large` for a line of more than `lineLimit` characters
 */
export async function* jsonLines(
  operation: string,
  chunks: AsyncIterable<Uint8Array>,
  lineLimit = usualLineLimit,
): AsyncGenerator<unknown> {
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
    if (rest.length > lineLimit) throw tooLong(operation, lineLimit)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield parse(rest)
}

function tooLong(operation: string, limit: number): PrebakeError {
  return new PrebakeError(`${operation}: a line of the response has more than ${limit} characters.`, {
    code: 'cluster-response-too-large' satisfies ClusterErrorCode,
    hint: 'Check the server in the kubeconfig: something other than an API server may be answering.',
  })
}
