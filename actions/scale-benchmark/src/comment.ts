import { stickyComment, type WorkflowContext } from '@prebake/action-kit'
import { ServiceError, type Reporter } from '@prebake/kernel'
import type { BenchmarkInputs } from './inputs.ts'

/**
 * Writes the report into the pull request's comment. A failure is reported and costs only the comment, because the report is in the job summary.
 * @returns the comment's address
 */
export async function comment(
  markdown: string,
  given: Pick<BenchmarkInputs, 'comment' | 'pullRequest' | 'githubToken' | 'deployment' | 'namespace'>,
  { workflow, reporter }: { readonly workflow: WorkflowContext; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!given.comment) return undefined
  const { repository, apiUrl, runUrl, pullRequest } = workflow
  const issue = given.pullRequest ?? pullRequest
  const missing = [
    issue === undefined && 'this run belongs to no pull request',
    repository === undefined && 'GITHUB_REPOSITORY is not set',
    !given.githubToken && '`github-token` is empty',
  ].find(Boolean)
  if (missing || issue === undefined || repository === undefined) {
    reporter.notice(`No comment: ${missing}. The report is in the job summary.`)
    return undefined
  }
  const sticky = stickyComment({
    ...repository,
    issue,
    marker: `${repository.owner}/${repository.repo}/scale-benchmark/${given.namespace}/${given.deployment}`,
    token: given.githubToken ?? '',
    apiUrl,
    runUrl,
  })
  try {
    const { url, action } = await sticky.upsert(markdown, signal)
    reporter.info(`Comment ${action}: ${url}`)
    return url
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const text = [`No comment: ${error.message}`, error.hint, 'The report is in the job summary.'].filter(Boolean).join(' ')
    // Forks have no permission and cannot change that; any other failure deserves a warning.
    if (error.status === 403) reporter.notice(text)
    else reporter.warning(text)
    return undefined
  }
}
