import { stickyComment, workflowRunUrl } from '@prebake/action-kit'
import { ServiceError, type Reporter } from '@prebake/kernel'
import { findPullRequest } from './find-pull-request.ts'
import type { BenchmarkInputs } from './inputs.ts'

/**
 * Puts the report into the pull request's comment. What hinders that is told and costs the comment alone: the report is in the job summary.
 * @returns the comment's address.
 */
export async function comment(
  markdown: string,
  given: Pick<BenchmarkInputs, 'comment' | 'pullRequest' | 'githubToken' | 'deployment' | 'namespace'>,
  { env, reporter }: { readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!given.comment) return undefined
  const issue = given.pullRequest ?? findPullRequest(env)
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  const [owner = '', repo = ''] = repository.split('/')
  const missing = [
    issue === undefined && 'this run belongs to no pull request',
    !repo && 'GITHUB_REPOSITORY is not set',
    !given.githubToken && '`github-token` is empty',
  ].find(Boolean)
  if (missing || issue === undefined) {
    reporter.notice(`No comment: ${missing}. The report is in the job summary.`)
    return undefined
  }
  const sticky = stickyComment({
    owner,
    repo,
    issue,
    marker: `${repository}/scale-benchmark/${given.namespace}/${given.deployment}`,
    token: given.githubToken ?? '',
    apiUrl: env['GITHUB_API_URL'] || 'https://api.github.com',
    runUrl: workflowRunUrl(env),
  })
  try {
    const { url, action } = await sticky.upsert(markdown, signal)
    reporter.info(`Comment ${action}: ${url}`)
    return url
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const text = [`No comment: ${error.message}`, error.hint, 'The report is in the job summary.'].filter(Boolean).join(' ')
    // Forks have no permission and can do nothing about it; whatever else went wrong deserves a look.
    if (error.status === 403) reporter.notice(text)
    else reporter.warning(text)
    return undefined
  }
}
