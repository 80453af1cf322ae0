import { ServiceError } from '@prebake/kernel'

/** An answer, read to its end. */
export interface Reply {
  /** Of the request that it answers: the last one, where there were redirects. */
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

const longestQuote = 200

/** The answer as JSON. @throws ServiceError that names the host, where it is something else: the page of a login or of a proxy. */
export function jsonOf(reply: Reply, operation: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.body))
  } catch (cause) {
    const type = reply.headers.get('content-type')?.split(';')[0]
    const message = `${reply.url.host} answered with something other than JSON${type ? ` (${type})` : ''}: ${wordsOf(reply)}`
    const hint = 'Check the address, and whether a proxy or a login page answers in its place.'
    throw new ServiceError({ operation, code: 'NotJson', message, status: reply.status }, { hint, cause: quiet(cause) })
  }
}

/** A parser's own words quote the text. */
function quiet(cause: unknown): Error {
  return new Error(cause instanceof Error ? cause.name : 'The text cannot be parsed.')
}

/** What the service says about a refusal, on one short line and without what looks like a secret; where it says nothing, that. */
export function wordsOf(reply: Reply): string {
  const text = new TextDecoder().decode(reply.body.subarray(0, 4000)).trim()
  const json = /"(?:error|message|detail)"\s*:\s*"([^"]+)"/.exec(text)?.[1]
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1]
  const words = reply.headers.get('x-error-message') ?? json ?? title ?? text.split('\n')[0] ?? ''
  const line = withoutSecrets(words.replace(/[\s\p{Cc}]+/gu, ' ').trim())
  return line.slice(0, longestQuote) || `${reply.url.host} gave no reason`
}

/** A page that repeats the request repeats its credentials, and addresses are signed in their query. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+[\w+/=.~-]+/gi, '$1 …')
    .replace(/(\w:\/\/)[^/\s@]*@/g, '$1…@')
    .replace(/\?[^\s"'<>]*=[^\s"'<>]*/g, '?…')
    .replace(/\b(?:hf_|ghp_|github_pat_|dckr_pat_|glpat-)\w+/g, '…')
    .replace(/[\w+/=.-]{24,}/g, (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? '…' : run))
}
