import { redirectOf, type Reply } from '@prebake/http'
import type { FileSource, ModelFile, ModelListing } from '@prebake/snapshot'
import { encodePath, type HubClient } from './hub-client.ts'
import { refusal } from './refusal.ts'

const cachedCopy = '/api/resolve-cache/'

/** The page that leads to a file, at the listing's commit. */
export function fileUrl(client: HubClient, listing: ModelListing, path: string): URL {
  return new URL(`${client.endpoint}/${listing.model}/resolve/${listing.commit}/${encodePath(path)}`)
}

/**
 * Where a builder without a token gets the file. The hub's first answer tells (huggingface_hub#4815):
 * - a redirect to another place: that address is signed, and good for an hour;
 * - a redirect to its own cached copy, or the content itself: anyone may read that if the model is public; else only who has the token.
 */
export async function locateFile(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<FileSource> {
  const reply = await askForByte(client, listing, file, signal)
  const location = redirectOf(reply, operationOf(listing, file))
  // The prefix of a mirror may come first.
  if (location && !location.pathname.includes(cachedCopy)) return { kind: 'address', url: location.href }
  return listing.restricted ? { kind: 'runner' } : { kind: 'address', url: (location ?? reply.url).href }
}

/**
 * Asks for a file's first byte: HEAD would do, but the signed addresses refuse it, and some mirrors pass it on.
 * A model that was renamed is followed to its new name.
 * @throws InputError where the file may not be read
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
