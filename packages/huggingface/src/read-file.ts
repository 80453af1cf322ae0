import { createHash } from 'node:crypto'
import { ServiceError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '@prebake/snapshot'
import type { HubErrorCode } from './error-codes.ts'
import type { HubClient } from './hub-client.ts'
import { fileUrl } from './locate-file.ts'
import { refusal } from './refusal.ts'

/** Size limit in bytes: the file is kept in memory. */
const mostBytes = 128 * 2 ** 20

/**
 * The whole content of a file, checked against its digest.
 * @throws ServiceError if the file is too large, missing, or different from what was listed
 */
export async function readFile(client: HubClient, listing: ModelListing, file: ModelFile, signal: AbortSignal): Promise<Uint8Array> {
  const operation = `Reading ${file.path} of ${listing.model} from the model hub`
  if (file.size > mostBytes) {
    const message = `the file has ${file.size} bytes; the limit is ${mostBytes}.`
    const hint = 'Exclude it with `files`, or bake a model without it.'
    throw new ServiceError({ operation, code: 'TooLarge', message }, { code: 'model-file-too-large' satisfies HubErrorCode, hint })
  }
  const reply = await client.follow(fileUrl(client, listing, file.path), { signal, operation, mostBytes: file.size })
  if (reply.status !== 200) throw refusal(reply, { model: listing.model, revision: listing.commit, hasToken: client.hasToken, operation })
  const { algorithm, hex } = file.digest
  const sum = createHash(algorithm === 'sha256' ? 'sha256' : 'sha1')
  if (algorithm === 'git-sha1') sum.update(`blob ${reply.body.length}\0`)
  const found = sum.update(reply.body).digest('hex')
  if (found !== hex) {
    const message = `the content has the ${algorithm} ${found}, but the hub lists ${hex}.`
    const hint = 'Run again. If it happens again, check whether a proxy changes the content.'
    throw new ServiceError({ operation, code: 'WrongContent', message }, { code: 'model-file-corrupt' satisfies HubErrorCode, hint })
  }
  return reply.body
}
