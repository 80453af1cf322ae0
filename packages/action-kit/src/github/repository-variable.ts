import { ServiceError } from '@prebake/kernel'
import type { ActionErrorCode } from '../error-codes.ts'
import { githubCaller, type GitHubAccess } from './github-caller.ts'
import { refusedStatus } from './refused-request.ts'
import { variableAdvice } from './variable-advice.ts'

export interface RepositoryVariable extends GitHubAccess {
  readonly owner: string
  readonly repo: string
  readonly name: string
  /** The token of a GitHub App or a fine-grained personal token, with "Variables: write". */
  readonly token: string
}

/** A repository variable as a `SnapshotPointer`. */
export interface VariablePointer {
  readonly title: string
  readonly outlivesRunner: true
  /** The variable's value; undefined if there is no such variable. */
  read(signal: AbortSignal): Promise<string | undefined>
  /** Throws if the token may not write variables. Writes nothing. */
  probe(signal: AbortSignal): Promise<void>
  write(value: string, signal: AbortSignal): Promise<void>
}

/**
 * GitHub reserves this prefix ("Naming conventions for configuration variables"), so a variable of this name is always refused: with 403 if the permission
 * is missing, otherwise with 422.
 */
const impossibleName = 'GITHUB_PREBAKE_PROBE'

/**
 * A repository's variable (https://docs.github.com/rest/actions/variables).
 * All calls throw ServiceError with GitHub's message, and CancelledError when the signal aborts.
 */
export function repositoryVariable({ owner, repo, name, ...access }: RepositoryVariable): VariablePointer {
  const title = `repository variable ${name}`
  const where = { owner, repo }
  const call = githubCaller(access, variableAdvice)
  const operation = (what: string) => `${what} ${title} of ${owner}/${repo}`

  return {
    title,
    outlivesRunner: true,
    read: (signal) =>
      call(operation('Read'), signal, async ({ rest }, request) => {
        const found = await rest.actions.getRepoVariable({ ...where, name, request }).catch(unless(404))
        return found && valueOf(found.data, operation('Read'))
      }),
    probe: (signal) =>
      call(operation('Probe whether the token may write'), signal, async ({ rest }, request) => {
        await rest.actions.createRepoVariable({ ...where, name: impossibleName, value: 'probe', request }).catch(unless(422))
      }),
    write: (value, signal) =>
      call(operation('Write'), signal, async ({ rest }, request) => {
        const update = () => rest.actions.updateRepoVariable({ ...where, name, value, request })
        if (await update().catch(unless(404))) return
        if (await rest.actions.createRepoVariable({ ...where, name, value, request }).catch(unless(409))) return
        // Created in between, or by an attempt of ours whose response was lost.
        await update()
      }),
  }
}

/** A truncated response, or one from a proxy, must not count as a missing variable. */
function valueOf({ value }: { readonly value?: unknown }, operation: string): string {
  if (typeof value === 'string') return value
  const hint = 'Something other than GitHub may have answered: check GITHUB_API_URL and the proxy, then re-run the job.'
  const code = 'github-response-malformed' satisfies ActionErrorCode
  throw new ServiceError({ operation, code: 'UnreadableAnswer', message: 'the response has no value' }, { code, hint })
}

/** For `catch`: undefined for a refusal with this status; rethrows any other error. */
function unless(status: number): (error: unknown) => undefined {
  return (error) => {
    if (refusedStatus(error) !== status) throw error
    return undefined
  }
}
