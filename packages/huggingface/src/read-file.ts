import { createHash } from 'node:crypto'
import { ServiceError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '@prebake/snapshot'
import type { HubClient } from './hub-client.ts'
import { fileUrl } from './locate-file.ts'
import { refusal } from './refusal.ts'

/**
 * The whole content of a file, held against its digest. For small files: it is kept in memory.
 * @throws ServiceError where the content is not the one that was listed
 */
export async function readFile(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<Uint8Array> {
  const operation = `Reading ${file.path} of ${listing.model} from the model hub`
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
