import { createCipheriv, createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { HubFile, HubModel } from './repository.ts'

const chunkBytes = 64 * 1024
const blockBytes = 16
const zeros = Buffer.alloc(chunkBytes + blockBytes)

/** A file as the simulated hub serves it. */
export interface StoredFile extends HubFile {
  readonly model: HubModel
  /** Served size in bytes: 1/scale of the real one, rounded up; a text and a file of this machine as they are. */
  readonly size: number
}

export function store(model: HubModel, file: HubFile, scale: number): StoredFile {
  return { ...file, model, size: file.text === undefined && file.source === undefined ? Math.ceil(file.fullSize / scale) : file.fullSize }
}

/**
 * The bytes from `start` up to, but not including, `end`. Where there is neither text nor source they are an AES-CTR key stream keyed by model and path: made as
 * they are sent, the same in every run, and any part can be had without what precedes it. A `.safetensors` file so has no valid header;
 * nothing in the simulation opens one.
 */
export function* content(file: StoredFile, start = 0, end = file.size): Generator<Uint8Array> {
  if (file.text !== undefined) {
    yield Buffer.from(file.text).subarray(start, end)
    return
  }
  if (file.source !== undefined) {
    yield* read(file.source, start, end)
    return
  }
  const key = createHash('sha256').update(`${file.model.id}\n${file.path}`).digest().subarray(0, 16)
  const counter = Buffer.alloc(blockBytes)
  counter.writeBigUInt64BE(BigInt(Math.floor(start / blockBytes)), 8)
  const cipher = createCipheriv('aes-128-ctr', key, counter)
  cipher.update(zeros.subarray(0, start % blockBytes))
  for (let at = start; at < end; at += chunkBytes) yield cipher.update(zeros.subarray(0, Math.min(chunkBytes, end - at)))
}

function* read(path: string, start: number, end: number): Generator<Uint8Array> {
  const descriptor = openSync(path, 'r')
  try {
    for (let at = start; at < end; at += chunkBytes) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, end - at))
      readSync(descriptor, chunk, 0, chunk.length, at)
      yield chunk
    }
  } finally {
    closeSync(descriptor)
  }
}

const digests = new Map<string, Promise<string>>()

/** The file's sha256 (LFS) or git blob hash (all others), as hex. Worked out on first use and kept for the life of the process. */
export function digest(file: StoredFile): Promise<string> {
  const key = `${file.model.id}\n${file.path}\n${file.source ?? ''}\n${file.size}`
  const known = digests.get(key) ?? hash(file)
  digests.set(key, known)
  return known
}

async function hash(file: StoredFile): Promise<string> {
  const sum = createHash(file.lfs ? 'sha256' : 'sha1')
  if (!file.lfs) sum.update(`blob ${file.size}\0`)
  let chunks = 0
  for (const chunk of content(file)) {
    sum.update(chunk)
    // Hundreds of megabytes are hashed in one go: let the servers answer meanwhile.
    if ((chunks += 1) % 128 === 0) await turn()
  }
  return sum.digest('hex')
}

/** The pointer that git keeps in place of an LFS file (git-lfs specification, version 1). */
export function pointer(sha256: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`
}

/** Git's hash of a text as a blob, as hex. */
export function blobHash(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')
}
