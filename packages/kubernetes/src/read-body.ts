import { PrebakeError } from '@prebake/kernel'
import type { ClusterErrorCode } from './error-codes.ts'

/** A log, or the part of it that fits. */
export interface PartialText {
  readonly text: string
  readonly truncated: boolean
}

/**
 * A whole body as text. A larger one ends the connection.
 * @param operation begins the message of the error
 * @throws PrebakeError `cluster-response-too-large`
 */
export async function readBody(body: AsyncIterable<Uint8Array>, limitBytes: number, operation: string): Promise<string> {
  const { text, truncated } = await readStart(body, limitBytes)
  if (!truncated) return text
  throw new PrebakeError(`${operation}: the response has more than ${limitBytes} bytes.`, {
    code: 'cluster-response-too-large' satisfies ClusterErrorCode,
    hint: 'Check the server in the kubeconfig: something other than an API server may be answering.',
  })
}

/** The first bytes of a body. Ends the connection where the limit is reached. */
export async function readStart(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<PartialText> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop ends the connection.
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limitBytes) break
  }
  const bytes = Buffer.concat(chunks)
  return { text: bytes.subarray(0, limitBytes).toString('utf8'), truncated: length > limitBytes }
}

/** The last bytes of a body, from the start of a line. Memory is limited too: earlier chunks are dropped while reading. */
export async function readEnd(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<PartialText> {
  const chunks: Uint8Array[] = []
  let kept = 0
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    kept += chunk.length
    length += chunk.length
    while (chunks[0] !== undefined && kept - chunks[0].length >= limitBytes) kept -= chunks.shift()?.length ?? 0
  }
  const bytes = Buffer.concat(chunks)
  if (length <= limitBytes) return { text: bytes.toString('utf8'), truncated: false }
  const end = bytes.subarray(bytes.length - limitBytes)
  return { text: end.subarray(end.indexOf(10) + 1).toString('utf8'), truncated: true }
}
