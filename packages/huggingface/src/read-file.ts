import { createHash } from 'node:crypto'
import { ServiceError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '@prebake/snapshot'
import type { HubClient } from './hub-client.ts'
import { fileUrl } from './locate-file.ts'
import { refusal } from './refusal.ts'

/** Largest file that is read, in bytes: it is kept in memory. */
const mostBytes = 128 * 2 ** 20

/**
 * The whole content of a file, held against its digest.
 * @throws ServiceError where the file is too large, is not there, or has another content than was listed
 */
export async function readFile(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<Uint8Array> {
  const operation = `Reading ${file.path} of ${listing.model} from the model hub`
  if (file.size > mostBytes) {
    throw new ServiceError({ operation, code: 'TooLarge', message: `it has ${file.size} bytes, and at most ${mostBytes} are read.` })
  }
  const reply = await client.follow(fileUrl(client, listing, file.path), { signal, operation, mostBytes: file.size })
  if (reply.status !== 200) throw refusal(reply, { model: listing.model, revision: listing.commit, hasToken: client.hasToken, operation })
  const { algorithm, hex } = file.digest
  const sum = createHash(algorithm === 'sha256' ? 'sha256' : 'sha1')
  if (algorithm === 'git-sha1') sum.update(`blob ${reply.body.length}\0`)
  const found = sum.update(reply.body).digest('hex')
  if (found !== hex) {
    const message = `the content has the ${algorithm} ${found}, the list says ${hex}.`
    throw new ServiceError(
      { operation, code: 'WrongContent', message },
      { hint: 'Run again; if it stays so, look for a proxy in between.' },
    )
  }
  return reply.body
}
