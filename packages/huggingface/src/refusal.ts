import { InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import { reasonOf, type Reply } from '@prebake/http'

/** What was asked for, and how. */
export interface Asked {
  readonly model: string
  readonly revision: string
  readonly hasToken: boolean
  readonly operation: string
}

const tokenPage = 'https://huggingface.co/settings/tokens'

/**
 * The error for an answer that is not a success. The hub tells its reasons apart by `X-Error-Code`, and where that is missing by status: to someone
 * without a token it says 401 both for what is private and for what does not exist.
 */
export function refusal(reply: Reply, asked: Asked): PrebakeError {
  const { model, revision, hasToken, operation } = asked
  const code = reply.headers.get('x-error-code') ?? ''
  const words = reasonOf(reply)
  const wrong = (input: string, what: string, remedy: string) => new InputError([{ input, wrong: what, remedy }])
  const page = `https://huggingface.co/${model}`

  if (code === 'RevisionNotFound') {
    return wrong(
      'revision',
      `\`${model}\` has no branch, tag or commit \`${revision}\`.`,
      `Choose one from ${page}/tree/main, or leave it out for \`main\`.`,
    )
  }
  if (code === 'GatedRepo') {
    if (!hasToken) {
      const remedy = `Ask for access at ${page}, then pass a token of that account (${tokenPage}) from a secret.`
      return wrong('hf-token', `\`${model}\` is gated, and no token was given.`, remedy)
    }
    // The hub answers an unknown token as it answers none.
    if (reply.status === 401) return wrong('hf-token', 'The hub does not know this token.', `Make one with read access at ${tokenPage}.`)
    return wrong(
      'hf-token',
      `The account of this token has no access to \`${model}\`.`,
      `Ask for it at ${page}; the answer can take a while.`,
    )
  }
  if (reply.status === 401 && /authorization header|token/i.test(words)) {
    return wrong('hf-token', `The hub did not accept the token: ${words}.`, `Make one with read access at ${tokenPage}.`)
  }
  if (code === 'RepoNotFound' || reply.status === 401 || (reply.status === 404 && code === '')) {
    const remedy = hasToken
      ? 'Check the spelling (`owner/name`), and that the account of `hf-token` may see it.'
      : 'Check the spelling (`owner/name`); if it is private, pass `hf-token`.'
    return wrong('model', `There is no model \`${model}\` that can be seen${hasToken ? ' with this token' : ' without a token'}.`, remedy)
  }
  if (reply.status === 403) {
    const remedy = `A fine-grained token needs the permission to read gated repositories, or this one: ${tokenPage}.`
    return wrong('hf-token', `The hub refuses \`${model}\`: ${words.replace(/\.+$/, '')}.`, remedy)
  }
  const requestId = reply.headers.get('x-request-id') ?? undefined
  return new ServiceError({ operation, code: code || `HTTP ${reply.status}`, message: words, status: reply.status, requestId })
}
