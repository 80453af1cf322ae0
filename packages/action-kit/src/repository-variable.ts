import { CancelledError } from '@prebake/kernel'
import { refusedRequest, refusedStatus } from './refused-request.ts'

export interface RepositoryVariable {
  readonly owner: string
  readonly repo: string
  readonly name: string
  /** A GitHub App's token or a fine-grained personal one, with "Variables: write". */
  readonly token: string
  /** `https://api.github.com`, or as GITHUB_API_URL has it. */
  readonly apiUrl: string
}

/** A place that remembers one value: the domain's `Pointer`. */
export interface VariablePointer {
  readonly title: string
  /** The variable's value; undefined where there is no such variable. */
  read(signal: AbortSignal): Promise<string | undefined>
  write(value: string, signal: AbortSignal): Promise<void>
}

const permissionHint =
  'The token needs the repository permission "Variables: write" (`actions_variables`), which GITHUB_TOKEN cannot have: ' +
  'give the token of a GitHub App or a fine-grained personal token, see docs/security.md#variables.'

/** One request; undici's own limit, five minutes for the first byte, is too long for an answer of a hundred bytes. */
const limitMs = 30_000

/**
 * A repository's variable (https://docs.github.com/rest/actions/variables).
 * Both calls throw ServiceError with GitHub's words, and CancelledError when the signal aborts.
 */
export function repositoryVariable({ owner, repo, name, token, apiUrl }: RepositoryVariable): VariablePointer {
  const title = `repository variable ${name}`
  const where = { owner, repo }

  async function call<T>(
    what: string,
    signal: AbortSignal,
    work: (client: Client, request: { signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    if (signal.aborted) throw new CancelledError()
    try {
      return await work(await client(token, apiUrl), { signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) })
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      throw refusedRequest(`${what} ${title} of ${owner}/${repo}`, error, permissionHint)
    }
  }

  return {
    title,
    read: (signal) =>
      call('Read', signal, async ({ rest }, request) => {
        const found = await rest.actions.getRepoVariable({ ...where, name, request }).catch(unless(404))
        return found?.data.value
      }),
    write: (value, signal) =>
      call('Write', signal, async ({ rest }, request) => {
        const update = () => rest.actions.updateRepoVariable({ ...where, name, value, request })
        if (await update().catch(unless(404))) return
        if (await rest.actions.createRepoVariable({ ...where, name, value, request }).catch(unless(409))) return
        // Somebody else created it between the two.
        await update()
      }),
  }
}

type Client = Awaited<ReturnType<typeof client>>

async function client(token: string, apiUrl: string) {
  // 60 ms to load, and most runs never get here.
  const { getOctokit } = await import('@actions/github')
  return getOctokit(token, { baseUrl: apiUrl })
}

/** Turns a refusal with this status into undefined. */
function unless(status: number): (error: unknown) => undefined {
  return (error) => {
    if (refusedStatus(error) !== status) throw error
    return undefined
  }
}
