import { jsonOf } from '@prebake/http'
import { InputError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '@prebake/snapshot'
import type { HubErrorCode } from './error-codes.ts'
import { askForByte } from './locate-file.ts'
import type { HubClient } from './hub-client.ts'
import { refusal, type Asked } from './refusal.ts'

/**
 * The files of a model at the commit that `revision` refers to now.
 * @throws InputError for an unknown model or revision, and for a restricted model that the token may list but not read
 */
export async function listModel(client: HubClient, model: string, revision: string, signal: AbortSignal): Promise<ModelListing> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(model)) {
    const remedy = "Write `owner/name`, as at the top of the model's page on huggingface.co."
    const code = 'model-name-malformed' satisfies HubErrorCode
    throw new InputError([{ code, input: 'model', wrong: `\`${model}\` is not the name of a model.`, remedy }])
  }
  const asked = { model, revision, hasToken: client.hasToken, operation: `Listing ${model} on the model hub` }
  const common = { hubUrl: client.endpoint, fetch: fetchThrough(client, asked, signal) }
  const { listFiles, modelInfo } = await import('@huggingface/hub')

  // The library does not get the token: it would send it wherever a link to the next page points.
  const info = await modelInfo({ ...common, name: model, revision, additionalFields: ['sha'] })
  const files: ModelFile[] = []
  for await (const entry of listFiles({ ...common, repo: { type: 'model', name: info.name }, revision: info.sha, recursive: true })) {
    if (entry.type !== 'file') continue
    const { path, lfs, oid = '' } = entry
    const digest = lfs ? ({ algorithm: 'sha256', hex: lfs.oid } as const) : ({ algorithm: 'git-sha1', hex: oid } as const)
    files.push({ path, size: lfs?.size ?? entry.size, digest })
  }
  const listing = { model: info.name, commit: info.sha, restricted: info.private || info.gated !== false, files }

  // Anyone may list a gated model. Only a request for a file shows whether it may be read.
  const smallest = files.toSorted((one, other) => one.size - other.size)[0]
  if (listing.restricted && smallest) await askForByte(client, listing, smallest, signal)
  return listing
}

/** A `fetch` for the library. Error responses become our errors, because the library drops the header that distinguishes them. */
function fetchThrough(client: HubClient, asked: Asked, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const accept = new Headers(init?.headers).get('accept') ?? 'application/json'
    const reply = await client.follow(url, { signal, operation: asked.operation, headers: { accept } })
    if (reply.status !== 200) throw refusal(reply, asked)
    jsonOf(reply, asked.operation)
    return new Response(reply.body, { status: reply.status, headers: reply.headers })
  }
}
