import { ServiceError } from '@prebake/kernel'
import type { HttpErrorCode } from './error-codes.ts'

/** A response, read to its end. */
export interface Reply {
  /** The URL of the last request, after redirects. */
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

const longestQuote = 200

/** The response as JSON. @throws ServiceError that names the host if the response is something else, such as a login page */
export function jsonOf(reply: Reply, operation: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.body))
  } catch (cause) {
    const type = reply.headers.get('content-type')?.split(';')[0]
    const message = `${reply.url.host} sent something other than JSON${type ? ` (${type})` : ''}: ${reasonOf(reply)}`
    const hint = 'Check the address, and whether a proxy or a login page answers instead.'
    const code = 'response-not-json' satisfies HttpErrorCode
    throw new ServiceError({ operation, code: 'NotJson', message, status: reply.status }, { code, hint, cause: quiet(cause) })
  }
}

/** The parser's own message quotes the text. */
function quiet(cause: unknown): Error {
  return new Error(cause instanceof Error ? cause.name : 'The text cannot be parsed.')
}

/** The service's own reason for a failure, on one short line and without anything that looks like a secret. */
export function reasonOf(reply: Reply): string {
  const text = new TextDecoder().decode(reply.body.subarray(0, 4000)).trim()
  const json = /"(?:error|message|detail)"\s*:\s*"([^"]+)"/.exec(text)?.[1]
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1]
  const reason = reply.headers.get('x-error-message') ?? json ?? title ?? text.split('\n')[0] ?? ''
  const line = withoutSecrets(reason.replace(/[\s\p{Cc}]+/gu, ' ').trim())
  return line.slice(0, longestQuote) || `${reply.url.host} gave no reason`
}

/** An error page may repeat the request with its credentials, and signed URLs are signed in their query. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+[\w+/=.~-]+/gi, '$1 …')
    .replace(/(\w:\/\/)[^/\s@]*@/g, '$1…@')
    .replace(/\?[^\s"'<>]*=[^\s"'<>]*/g, '?…')
    .replace(/\b(?:hf_|ghp_|github_pat_|dckr_pat_|glpat-)\w+/g, '…')
    .replace(/[\w+/=.-]{24,}/g, (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? '…' : run))
}
