import { InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import { reasonOf, type Reply } from '@prebake/http'
import type { HubErrorCode } from './error-codes.ts'

/** What was requested, and how. */
export interface Asked {
  readonly model: string
  readonly revision: string
  readonly hasToken: boolean
  readonly operation: string
}

const tokenPage = 'https://huggingface.co/settings/tokens'
const newToken = `Create one with read access at ${tokenPage}.`

/**
 * The error for an unsuccessful response. The hub distinguishes reasons by `X-Error-Code`, and without that header by status. To a client without a token
 * it says 401 both for a private model and for one that does not exist.
 */
export function refusal(reply: Reply, asked: Asked): PrebakeError {
  const { model, revision, hasToken, operation } = asked
  const hubCode = reply.headers.get('x-error-code') ?? ''
  const reason = reasonOf(reply)
  const page = `https://huggingface.co/${model}`

  if (hubCode === 'RevisionNotFound') {
    const wrong = `\`${model}\` has no branch, tag or commit \`${revision}\`.`
    return problem('revision-not-found', 'revision', wrong, `Choose one from ${page}/tree/main, or omit it for \`main\`.`)
  }
  if (hubCode === 'GatedRepo') {
    if (!hasToken) {
      const remedy = `Request access at ${page}, then pass a token of that account (${tokenPage}) from a secret.`
      return problem('hub-token-missing', 'hf-token', `\`${model}\` is gated, and no token is given.`, remedy)
    }
    // The hub treats an unknown token like none.
    if (reply.status === 401) return problem('hub-token-refused', 'hf-token', 'The hub does not know this token.', newToken)
    const wrong = `The account of this token has no access to \`${model}\`.`
    return problem('model-access-denied', 'hf-token', wrong, `Request it at ${page}; approval can take a while.`)
  }
  if (reply.status === 401 && /authorization header|token/i.test(reason)) {
    return problem('hub-token-refused', 'hf-token', `The hub did not accept the token: ${reason}.`, newToken)
  }
  if (hubCode === 'RepoNotFound' || reply.status === 401 || (reply.status === 404 && hubCode === '')) {
    const wrong = `The hub has no model \`${model}\` that is visible ${hasToken ? 'to this token' : 'without a token'}.`
    const remedy = hasToken
      ? 'Check the spelling (`owner/name`), and that the account of `hf-token` has access.'
      : 'Check the spelling (`owner/name`). If the model is private, pass `hf-token`.'
    return problem('model-not-found', 'model', wrong, remedy)
  }
  if (reply.status === 403) {
    const remedy = `Give a fine-grained token the permission to read gated repositories, or this one: ${tokenPage}.`
    return problem('model-access-denied', 'hf-token', `The hub refuses \`${model}\`: ${reason.replace(/\.+$/, '')}.`, remedy)
  }
  const requestId = reply.headers.get('x-request-id') ?? undefined
  return new ServiceError(
    { operation, code: hubCode || `HTTP ${reply.status}`, message: reason, status: reply.status, requestId },
    { code: 'hub-request-failed' satisfies HubErrorCode, hint: 'Check the address of the hub and the state of the model, then run again.' },
  )
}

function problem(code: HubErrorCode, input: string, wrong: string, remedy: string): InputError {
  return new InputError([{ code, input, wrong, remedy }])
}
