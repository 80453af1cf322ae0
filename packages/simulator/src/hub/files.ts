import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import type { Throttle } from './bandwidth.ts'
import { parseRange } from './byte-range.ts'
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
