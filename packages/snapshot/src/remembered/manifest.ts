import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { BuildRequest } from '../build-request.ts'
import type { ModelFile } from '../ports/model-hub.ts'

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const text = v.pipe(v.string(), v.maxLength(4096))

const manifest = v.strictObject({
  /** The model's files at its commit, as the hub listed them. */
  listing: v.strictObject({
    model: text,
    commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
    restricted: v.boolean(),
    files: v.array(v.strictObject({ path: text, size, digest: v.strictObject({ algorithm: v.picklist(['sha256', 'git-sha1']), hex }) })),
  }),
  /** The files that decide what is baked, in base64, by path. */
  contents: v.record(text, v.string()),
  images: v.array(
    v.strictObject({
      name: text,
      tag: v.optional(text),
      digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
      compressedBytes: size,
    }),
  ),
  /** What was built from it. */
  snapshotId: v.pipe(v.string(), v.regex(/^snap-[0-9a-f]{8,17}$/)),
})

/** What hub and registry answered to a build, all of it at fixed commits and digests. */
export type RememberedManifest = v.InferOutput<typeof manifest>

/**
 * The key of a build's manifest. Undefined where names may move: only a commit and digests mean the same tomorrow.
 * @returns at most 512 characters without a comma, which is what GitHub's cache allows
 */
export function manifestKey({ model, revision, images, architecture, hubHost }: BuildRequest): string | undefined {
  if (!/^[0-9a-f]{40}$/.test(revision) || images.some((image) => image.digest === undefined)) return undefined
  const parts = JSON.stringify([model, revision, images, architecture, hubHost])
  return `prebake-manifest-1-${createHash('sha256').update(parts).digest('hex')}`
}

/** The manifest of a request, if a text is one. @returns otherwise what is wrong with it, without a quotation */
export function readManifest(given: string, request: BuildRequest): RememberedManifest | { readonly wrong: string } {
  const parsed = v.safeParse(manifest, parseJson(given))
  if (!parsed.success) return { wrong: `it does not have the form of a manifest (${v.getDotPath(parsed.issues[0]) ?? 'JSON'})` }
  const { listing, contents, images } = parsed.output
  if (listing.model !== request.model || listing.commit !== request.revision) return { wrong: 'it is of another model or commit' }
  const digests = (list: readonly { readonly digest?: string | undefined }[]) => list.map(({ digest }) => digest).join()
  if (digests(images) !== digests(request.images)) return { wrong: 'it is of other images' }
  const files = new Map(listing.files.map((file) => [file.path, file]))
  const altered = Object.entries(contents).find(([path, content]) => !isContentOf(content, files.get(path)))
  return altered === undefined ? parsed.output : { wrong: 'the content of a file does not have its digest' }
}

function isContentOf(base64: string, file: ModelFile | undefined): boolean {
  if (file === undefined) return false
  const bytes = Buffer.from(base64, 'base64')
  const hash = file.digest.algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes.length}\0`)
  return bytes.length === file.size && hash.update(bytes).digest('hex') === file.digest.hex
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}
