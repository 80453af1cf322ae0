import { githubCaller, type GitHubAccess } from './github-caller.ts'
import { refusedStatus } from './refused-request.ts'
import { variableAdvice } from './variable-advice.ts'

export interface NamedVariable {
  readonly name: string
  readonly value: string
}

/** GitHub's largest page of variables. */
const perPage = 30

/**
 * All variables that a repository's workflows see without an environment: its own, and those that its organization shares with it
 * (https://docs.github.com/rest/actions/variables). Environments have further ones, which need another permission.
 * @param access with the token of a GitHub App or a fine-grained personal token, with "Variables: read" or more
 * @throws ServiceError with GitHub's message, CancelledError when the signal aborts
 */
export async function namedVariables(
  { owner, repo, ...access }: GitHubAccess & { readonly owner: string; readonly repo: string },
  signal: AbortSignal,
): Promise<readonly NamedVariable[]> {
  const call = githubCaller(access, variableAdvice)
  return call(`List the variables of ${owner}/${repo}`, signal, async ({ rest }, request) => {
    const where = (page: number) => ({ owner, repo, page, per_page: perPage, request })
    const own = await allPages((page) => rest.actions.listRepoVariables(where(page)))
    // A repository of a user has no organization.
    const shared = await allPages((page) => rest.actions.listRepoOrganizationVariables(where(page))).catch((error: unknown) => {
      if (refusedStatus(error) !== 404) throw error
      return []
    })
    return [...own, ...shared].map(({ name, value }) => ({ name, value }))
  })
}

/** Octokit's own pagination drops the parameters of the request after the first page, and with them its signal. */
async function allPages(
  read: (page: number) => Promise<{ readonly data: { readonly variables: readonly NamedVariable[] } }>,
): Promise<readonly NamedVariable[]> {
  const all: NamedVariable[] = []
  for (let page = 1; ; page += 1) {
    const { variables } = (await read(page)).data
    all.push(...variables)
    if (variables.length < perPage) return all
  }
}
