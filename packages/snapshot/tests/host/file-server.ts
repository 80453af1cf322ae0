import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  /** Path with its query. */
  readonly path: string
  /** First byte that was asked for; undefined without a range. */
  readonly start: number | undefined
  /** How often this path and start were asked for, this time included. */
  readonly count: number
}

/** What becomes of a request instead of the file: an HTTP status, another place, a whole answer to a range, half of the body, or no answer for now. */
export type Effect = number | { redirect: string } | 'no-ranges' | 'cut' | 'hold' | undefined

export interface FileServer {
  readonly url: string
  readonly seen: Seen[]
  /** What held requests are answered with from now on, the held ones included. */
  release(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** Serves `files` by path, with ranges, and one image named `/v2/vllm`; `effect` decides what a request meets. */
export async function serveFiles(
  files: Readonly<Record<string, Buffer>>,
  effect: (seen: Seen) => Effect = () => undefined,
): Promise<FileServer> {
  const seen: Seen[] = []
  const held: (() => void)[] = []
  let released = false
  const answer = (request: IncomingMessage, response: ServerResponse, path: string, start: number | undefined, met: Effect) => {
    if (typeof met === 'number') return response.writeHead(met, { 'retry-after': '1' }).end('<Error>refused</Error>')
    if (typeof met === 'object') return response.writeHead(302, { location: met.redirect }).end()
    const content = path.startsWith('/v2/') ? manifest : files[path.split('?')[0] ?? '']
    if (content === undefined) return response.writeHead(404).end()
    const end = Number(/-(\d+)$/.exec(request.headers.range ?? '')?.[1] ?? NaN)
    const whole = start === undefined || met === 'no-ranges'
    const body = whole ? content : content.subarray(start, end + 1)
    response.writeHead(whole ? 200 : 206, { 'content-length': body.length })
    if (met !== 'cut') return response.end(body)
    return response.write(body.subarray(0, body.length / 2), () => response.destroy())
  }
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const range = /^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]
    const start = range === undefined ? undefined : Number(range)
    const entry = { path, start, count: seen.filter((other) => other.path === path && other.start === start).length + 1 }
    seen.push(entry)
    const met = effect(entry)
    if (met === 'hold' && !released) held.push(() => answer(request, response, path, start, undefined))
    else answer(request, response, path, start, met === 'hold' ? undefined : met)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    release() {
      released = true
      for (const resume of held.splice(0)) resume()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [{ digest: 'sha256:0', size: 1_000_000 }] }))

/** Of the image that every server has under the name `vllm`. */
export const imageDigest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`
