import { eventPayload, pullRequestsOf, readInputs, setOutputs, workflowContext, type ActionContext } from '@prebake/action-kit'
import { approve, compare } from './approve.ts'
import { inputs, outputs } from './inputs.ts'
import { readRequest } from './read-request.ts'

/** Finds the pull request and the approved commit, or compares it with what was approved. */
export async function main({ signal, reporter }: ActionContext): Promise<void> {
  const { pullRequest, headSha, githubToken } = readInputs(inputs)
  const { repository, apiUrl } = await workflowContext()
  const request = readRequest(await eventPayload(), pullRequest)
  const { owner, repo } = repository ?? { owner: '', repo: '' }
  const pulls = pullRequestsOf({ owner, repo, token: githubToken, apiUrl })
  const approval =
    headSha !== undefined && pullRequest !== undefined
      ? await compare(pullRequest, headSha, pulls, signal)
      : await approve(request, `${owner}/${repo}`, pulls, signal)
  setOutputs(outputs, { 'pull-request': approval.number, 'head-sha': approval.headSha, 'head-repository': approval.headRepository })
  reporter.info(`#${approval.number} at ${approval.headSha} of ${approval.headRepository}`)
}
