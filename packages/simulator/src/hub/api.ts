import { createHash } from 'node:crypto'
import type { SimulatedResponse } from '../core/serve.ts'
import { blobHash, digest, pointer, type StoredFile } from './content.ts'
import { unknownEntry } from './refusals.ts'
import type { HubModel } from './repository.ts'

const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' }

/** `GET /api/models/{model}[/revision/{revision}]`. With `expand`, only the fields that were asked for. */
export function describeModel(model: HubModel, query: URLSearchParams): SimulatedResponse {
  const fields: Record<string, unknown> = {
    author: model.id.split('/')[0],
    sha: model.commit,
    lastModified: model.lastModified,
    private: false,
    gated: model.gated,
    disabled: false,
    downloads: 0,
    likes: 0,
    pipeline_tag: 'text-generation',
    tags: [],
    siblings: model.files.map(({ path }) => ({ rfilename: path })),
  }
  const wanted = query.getAll('expand')
  const shown = wanted.length === 0 ? fields : Object.fromEntries(Object.entries(fields).filter(([name]) => wanted.includes(name)))
  const body = { _id: createHash('sha1').update(model.id).digest('hex').slice(0, 24), id: model.id, ...shown }
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(body) }
}

/** `GET /api/models/{model}/tree/{revision}[/{folder}]`: a page of entries, and a Link to the next one. */
export async function listTree(files: readonly StoredFile[], folder: string, url: URL, pageSize: number): Promise<SimulatedResponse> {
  const recursive = url.searchParams.get('recursive') === 'true'
  const entries = treeEntries(files, folder, recursive)
  if (entries.length === 0 && folder !== '') return unknownEntry('json')
  const start = Number(Buffer.from(url.searchParams.get('cursor') ?? '', 'base64url').toString() || 0)
  const page = entries.slice(start, start + pageSize)
  const expand = url.searchParams.get('expand') === 'true'
  const body = await Promise.all(page.map((entry) => describeEntry(entry, expand)))
  const next = new URL(url)
  next.searchParams.set('cursor', Buffer.from(String(start + pageSize)).toString('base64url'))
  const more = start + pageSize < entries.length
  return { status: 200, headers: { ...jsonHeaders, ...(more && { Link: `<${next.href}>; rel="next"` }) }, body: JSON.stringify(body) }
}

/** Files as they are stored, folders by their path. */
function treeEntries(files: readonly StoredFile[], folder: string, recursive: boolean): (StoredFile | string)[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const entries = new Map<string, StoredFile | string>()
  for (const file of files.filter(({ path }) => path.startsWith(prefix))) {
    const parts = file.path.slice(prefix.length).split('/')
    for (let depth = 1; depth < (recursive ? parts.length : Math.min(parts.length, 2)); depth += 1) {
      const path = prefix + parts.slice(0, depth).join('/')
      entries.set(path, path)
    }
    if (recursive || parts.length === 1) entries.set(file.path, file)
  }
  return [...entries.values()]
}

async function describeEntry(entry: StoredFile | string, expand: boolean): Promise<object> {
  if (typeof entry === 'string') return { type: 'directory', oid: blobHash(entry), size: 0, path: entry }
  const hex = await digest(entry)
  const link = pointer(hex, entry.size)
  return {
    type: 'file',
    oid: entry.lfs ? blobHash(link) : hex,
    size: entry.size,
    ...(entry.lfs && {
      lfs: { oid: hex, size: entry.size, pointerSize: link.length },
      xetHash: createHash('sha256').update(`xet ${hex}`).digest('hex'),
    }),
    path: entry.path,
    ...(expand && { lastCommit: { id: entry.model.commit, title: 'Upload', date: entry.model.lastModified } }),
  }
}
