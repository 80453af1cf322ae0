import { redirectOf, type Reply } from '@prebake/http'
import type { FileSource, ModelFile, ModelListing } from '@prebake/snapshot'
import { encodePath, type HubClient } from './hub-client.ts'
import { refusal } from './refusal.ts'

const cachedCopy = '/api/resolve-cache/'

/** The URL of a file at the listing's commit. */
export function fileUrl(client: HubClient, listing: ModelListing, path: string): URL {
  return new URL(`${client.endpoint}/${listing.model}/resolve/${listing.commit}/${encodePath(path)}`)
}

/**
 * Where a builder without a token gets the file. The hub's first response shows it (huggingface_hub#4815):
 * - a redirect to another host: that address is signed and valid for an hour;
 * - a redirect to the hub's cached copy, or the content itself: anyone may read it if the model is public, otherwise only the token's owner.
 */
export async function locateFile(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<FileSource> {
  const reply = await askForByte(client, listing, file, signal)
  const location = redirectOf(reply, operationOf(listing, file))
  // A mirror's path may have a prefix.
  if (location && !location.pathname.includes(cachedCopy)) return { kind: 'address', url: location.href }
  return listing.restricted ? { kind: 'runner' } : { kind: 'address', url: (location ?? reply.url).href }
}

/**
 * Requests a file's first byte. Signed addresses refuse HEAD, and some mirrors pass it on to them.
 * Follows a renamed model to its new name.
 * @throws InputError if the file may not be read
 */
export async function askForByte(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<Reply> {
  const operation = operationOf(listing, file)
  // A mirror without range requests would send the whole file.
  const options = { signal, operation, headers: { Range: 'bytes=0-0' }, headOnly: true }
  const first = await client.get(fileUrl(client, listing, file.path), options)
  const renamed = redirectOf(first, operation)
  const isRename = renamed?.origin === first.url.origin && renamed.pathname.includes(`/resolve/${listing.commit}/`)
  const reply = isRename ? await client.get(renamed, options) : first
  // 416: an empty file has no first byte.
  if (reply.status < 400 || reply.status === 416) return reply
  throw refusal(reply, { model: listing.model, revision: listing.commit, hasToken: client.hasToken, operation })
}

function operationOf({ model }: ModelListing, { path }: ModelFile): string {
  return `Locating ${path} of ${model} on the model hub`
}
