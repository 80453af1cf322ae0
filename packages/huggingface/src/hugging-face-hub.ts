import { fetchTransport, networkTransport, type Fetch } from '@prebake/http'
import { systemClock, type Clock } from '@prebake/kernel'
import type { ModelHub } from '@prebake/snapshot'
import { hubClient } from './hub-client.ts'
import { hubEndpoint } from './hub-endpoint.ts'
import { listModel } from './list-model.ts'
import { locateFile } from './locate-file.ts'
import { readFile } from './read-file.ts'

export interface HuggingFaceOptions {
  /** Needed for gated and private models. Sent only to the endpoint. */
  readonly token?: string | undefined
  /** The hub's address (default: HF_ENDPOINT, as in Hugging Face's own clients, or https://huggingface.co). */
  readonly endpoint?: string | undefined
  /** Default: the network, through the proxy that the environment names. */
  readonly fetch?: Fetch
  /** Times the pauses before a request is retried. */
  readonly clock?: Clock
}

/** The model hub of Hugging Face, or one that speaks its API. @throws InputError for a malformed endpoint or proxy */
export function huggingFaceHub(options: HuggingFaceOptions = {}): ModelHub {
  const client = hubClient({
    endpoint: hubEndpoint(options.endpoint, process.env),
    token: options.token || undefined,
    transport: options.fetch ? fetchTransport(options.fetch) : networkTransport(),
    clock: options.clock ?? systemClock(),
  })
  return {
    list: (model, revision, signal) => listModel(client, model, revision, signal),
    locate: (listing, file, signal) => locateFile(client, listing, file, signal),
    read: (listing, file, signal) => readFile(client, listing, file, signal),
  }
}
