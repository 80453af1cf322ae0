import { isLoopback } from '@prebake/http'
import { InputError } from '@prebake/kernel'
import type { HubErrorCode } from './error-codes.ts'

const publicHub = 'https://huggingface.co'

/**
 * The hub's address: the user's, or HF_ENDPOINT of `env` as in Hugging Face's own clients, or huggingface.co. It may have a path, because Artifactory and
 * Nexus serve their mirrors under one.
 * @returns the address without a trailing slash
 * @throws InputError naming `hub-endpoint` or HF_ENDPOINT
 */
export function hubEndpoint(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const input = given ? 'hub-endpoint' : 'HF_ENDPOINT'
  const text = (given || env['HF_ENDPOINT'] || publicHub).trim()
  const parsed = parseHubEndpoint(text)
  if ('wrong' in parsed) throw new InputError([{ code: 'hub-endpoint-malformed' satisfies HubErrorCode, input, ...parsed }])
  return parsed.endpoint
}

/** Reads the address of a hub. An error never quotes a password. */
export function parseHubEndpoint(text: string): { readonly endpoint: string } | { readonly wrong: string; readonly remedy: string } {
  if (text.includes('@')) {
    return {
      wrong: 'It contains a name or password.',
      remedy: 'Write only the address, such as `https://hub.example.com`, and pass the token as `hf-token`.',
    }
  }
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\/[^\s/?#]/i.test(text)) {
    const meant = URL.parse(`https://${text}`)?.hostname.includes('.') && !text.includes(':/') ? `https://${text}` : publicHub
    return { wrong: `\`${text}\` is not a web address.`, remedy: `Write \`${meant}\`.` }
  }
  if (url.search || url.hash)
    return { wrong: `\`${text}\` has more than a host and a path.`, remedy: `Write \`${url.origin}${url.pathname}\`.` }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    const wrong = `\`${text}\` is not encrypted: others could read the token or replace the model.`
    return { wrong, remedy: `Write \`https://${url.host}${url.pathname.replace(/\/$/, '')}\`.` }
  }
  return { endpoint: `${url.origin}${url.pathname}`.replace(/\/+$/, '') }
}
