import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import type { SimulatedClock } from '../core/world.ts'
import { content, digest, type StoredFile } from './content.ts'
import type { Signer } from './signature.ts'

const exposed = (file: StoredFile) => ({ 'X-Repo-Commit': file.model.commit, 'Accept-Ranges': 'bytes' })

/**
 * `GET|HEAD /{model}/resolve/{revision}/{path}`, once it is clear that the caller may read the file. There are three shapes (huggingface_hub#4815):
 * a signed address for LFS files, a cached copy on the hub for small files of public models, and the content itself for small files of gated ones.
 */
export async function resolveFile(
  file: StoredFile,
  request: SimulatedRequest,
  { signer, throttle, storeHost }: { signer: Signer; throttle: Throttle; storeHost: string | undefined },
): Promise<SimulatedResponse> {
  const hex = await digest(file)
  if (file.lfs) {
    const path = `/cdn/${hex}`
    const store = new URL(path, request.url.origin)
    store.hostname = storeHost ?? store.hostname
    store.search = signer.sign(path).toString()
    return redirect(302, store.href, {
      ...exposed(file),
      'X-Linked-Size': String(file.size),
      'X-Linked-ETag': `"${hex}"`,
    })
  }
  if (file.model.gated !== false) return sendFile(file, request, throttle, { ...exposed(file), ETag: `"${hex}"` })
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  const query = `${encodeURIComponent(request.url.pathname)}=&etag=${encodeURIComponent(`"${hex}"`)}`
  return redirect(307, `/api/resolve-cache/models/${file.model.id}/${file.model.commit}/${path}?${query}`, exposed(file))
}

function redirect(status: number, location: string, headers: Record<string, string>): SimulatedResponse {
  const what = status === 302 ? 'Found' : 'Temporary Redirect'
  return {
    status,
    headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', Location: location },
    body: `${what}. Redirecting to ${location}`,
  }
}

/** The content, or the range of it that was asked for, at the speed of the line. */
export function sendFile(
  file: StoredFile,
  request: SimulatedRequest,
  throttle: Throttle,
  headers: Record<string, string>,
): SimulatedResponse {
  const range = parseRange(request.headers.range, file.size)
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { 'Content-Range': `bytes */${file.size}`, 'Content-Type': 'text/plain' },
      body: 'Range Not Satisfiable',
    }
  }
  const { start, end } = range ?? { start: 0, end: file.size }
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(end - start),
      ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${file.size}` }),
    },
    ...(request.method !== 'HEAD' && { body: throttle(content(file, start, end), file.size === 0 ? 1 : file.fullSize / file.size) }),
  }
}

/** The part of a file that is asked for: from `start` up to, but not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a Range header (RFC 9110, 14.2). Several ranges and other units may be ignored, and are.
 * @returns undefined for the whole file, `unsatisfiable` where nothing of the range is inside it (status 416).
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, first = '', last = ''] = match
  if (first === '') return last === '0' || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size }
  const start = Number(first)
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && Number(last) < start) return undefined
  return start >= size ? 'unsatisfiable' : { start, end }
}

/** Passes chunks on no faster than the simulated line; each byte counts as `weight` bytes. */
export type Throttle = (chunks: Iterable<Uint8Array>, weight: number) => AsyncGenerator<Uint8Array>

/** Real milliseconds by which a sender may be late and still catch up: timers are that coarse. */
const slackRealMs = 50

/**
 * A line that all responses share.
 * @param one simulated seconds in which one response carries 10^9 bytes
 * @param all simulated seconds in which all responses together carry 10^9 bytes
 */
export function openLine(clock: SimulatedClock, one: number, all: number): Throttle {
  const slackMs = slackRealMs * clock.rate
  let allDue = 0
  return async function* throttle(chunks, weight) {
    let oneDue = clock.now().getTime()
    for (const chunk of chunks) {
      const gigabytes = (chunk.length * weight) / 1e9
      const now = clock.now().getTime()
      oneDue = Math.max(oneDue, now - slackMs) + gigabytes * one * 1000
      allDue = Math.max(allDue, now - slackMs) + gigabytes * all * 1000
      const seconds = (Math.max(oneDue, allDue) - now) / 1000
      if (clock.realMs(seconds) >= 1) await clock.sleep(seconds)
      yield chunk
    }
  }
}
