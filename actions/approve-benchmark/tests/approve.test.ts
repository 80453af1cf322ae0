import { afterEach, expect, test } from '@jest/globals'
import { pullRequestsOf } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import { openJournal } from '../../../packages/simulator/src/core/journal.ts'
import { serve, type RunningServer } from '../../../packages/simulator/src/core/serve.ts'
import { simulatedClock } from '../../../packages/simulator/src/core/world.ts'
import { createGitHub } from '../../../packages/simulator/src/github/github-service.ts'
import { approve, compare } from '../src/approve.ts'
import { readRequest } from '../src/read-request.ts'

const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const never = new AbortController().signal
const forkHead = 'f'.repeat(40)

/** A repository with a pull request of its own branch, number 2, and one of a fork, number 3. */
async function start() {
  const simulation = { clock: simulatedClock(1), journal: openJournal(), faultFor: () => undefined, random: () => 0 }
  const tokens = { withVariables: 'ghs_variables', withoutVariables: 'ghs_job' }
  const collaborators = { mona: 'write', hubot: 'read' }
  const { service, repository } = createGitHub(simulation, { repository: 'acme/models', tokens, collaborators })
  const head = repository.addCommit({ 'deploy/vllm/nodeclass.yaml': 'kind: EC2NodeClass' }, [])
  repository.setBranch('faster', head)
  const text = { title: 'Faster', body: '', base: 'main' }
  repository.addPullRequest({ ...text, headRepository: 'acme/models', head: 'faster' })
  repository.addPullRequest({ ...text, headRepository: 'hubot/models', head: 'main', headSha: forkHead })
  const server = await serve(service, simulation)
  servers.push(server)
  const pulls = pullRequestsOf({ owner: 'acme', repo: 'models', token: 'ghs_job', apiUrl: server.url })
  const ask = async (payload: object, given?: number) => {
    try {
      return await approve(readRequest(payload, given), 'acme/models', pulls, never)
    } catch (error) {
      return codeOf(error)
    }
  }
  return { ask, repository, head, pulls }
}

const codeOf = (error: unknown) => (error as PrebakeError).errorCode

const comment = (body: string, { author = 'mona', number = 2, isPullRequest = true } = {}) => ({
  comment: { body, user: { login: author } },
  issue: { number, ...(isPullRequest && { pull_request: {} }) },
})
const labelled = (changes: object = {}) => ({
  workflow_run: {
    event: 'pull_request',
    conclusion: 'success',
    head_branch: 'faster',
    head_sha: '',
    head_repository: { full_name: 'acme/models' },
    ...changes,
  },
})

test('a comment of someone who may write approves the newest commit of an own branch', async () => {
  const { ask, head } = await start()
  const approval = { number: 2, headSha: head, headRepository: 'acme/models' }
  expect(await ask(comment('/benchmark'))).toEqual(approval)
  expect(await ask(comment(`/benchmark ${head.slice(0, 7)}\nplease`))).toEqual(approval)
})

test.each([
  ['of someone who may not write', comment('/benchmark', { author: 'hubot' }), 'benchmark-not-allowed'],
  ['of a stranger', comment('/benchmark', { author: 'eve' }), 'benchmark-not-allowed'],
  ['with another commit', comment('/benchmark 0000000'), 'pull-request-changed'],
  ['on a fork, without a commit', comment('/benchmark', { number: 3 }), 'benchmark-commit-unnamed'],
  ['on a fork, with a short commit', comment('/benchmark fffffff', { number: 3 }), 'benchmark-commit-unnamed'],
  ['on a pull request that is not there', comment('/benchmark', { number: 9 }), 'github-not-found'],
])('a comment %s approves nothing', async (_, payload, code) => {
  const { ask } = await start()
  expect(await ask(payload)).toBe(code)
})

test('a comment with the whole commit approves it on a fork', async () => {
  const { ask } = await start()
  const approval = { number: 3, headSha: forkHead, headRepository: 'hubot/models' }
  expect(await ask(comment(`/benchmark ${forkHead}`, { number: 3 }))).toEqual(approval)
})

test.each(['/benchmarks', 'Should I /benchmark?', '/benchmark main', '/benchmark; rm -rf /'])('%s is no request', async (body) => {
  const { ask } = await start()
  expect(await ask(comment(body))).toBe('benchmark-request-unknown')
})

test('a comment on an issue is no request', async () => {
  const { ask } = await start()
  expect(await ask(comment('/benchmark', { isPullRequest: false }))).toBe('benchmark-request-unknown')
})

test('a label approves the commit that was labelled, and none that was pushed after it', async () => {
  const { ask, repository, head } = await start()
  expect(await ask(labelled({ head_sha: head }))).toMatchObject({ number: 2, headSha: head })
  repository.setBranch('faster', repository.addCommit({ 'evil.yaml': 'kind: Pod' }, [head]))
  expect(await ask(labelled({ head_sha: head }))).toBe('pull-request-changed')
})

test('the end of a workflow of a fork approves nothing, whatever it says', async () => {
  const { ask } = await start()
  expect(await ask(labelled({ head_repository: { full_name: 'hubot/models' }, head_sha: forkHead }))).toBe('benchmark-commit-unnamed')
})

test('a workflow that failed, or that no pull request started, is no request', async () => {
  const { ask, head } = await start()
  expect(await ask(labelled({ head_sha: head, conclusion: 'skipped' }))).toBe('benchmark-request-unknown')
  expect(await ask(labelled({ head_sha: head, event: 'push' }))).toBe('benchmark-request-unknown')
})

test('a dispatch approves the newest commit of an own branch, and of a fork only the one that it names', async () => {
  const { ask, head, pulls } = await start()
  expect(await ask({}, 2)).toMatchObject({ headSha: head })
  expect(await ask({}, 3)).toBe('benchmark-commit-unnamed')
  expect(await compare(3, forkHead, pulls, never)).toMatchObject({ number: 3 })
})

test('a push between approval and measurement is found', async () => {
  const { repository, head, pulls } = await start()
  expect(await compare(2, head, pulls, never)).toMatchObject({ headSha: head })
  repository.setBranch('faster', repository.addCommit({}, [head]))
  expect(await compare(2, head, pulls, never).catch(codeOf)).toBe('pull-request-changed')
})

test('a pull request that is closed, or whose fork is gone, is not measured', async () => {
  const { ask, repository } = await start()
  repository.changePullRequest(2, { state: 'closed' })
  expect(await ask({}, 2)).toBe('pull-request-closed')
  expect(await ask(labelled())).toBe('pull-request-closed')
})
