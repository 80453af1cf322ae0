import { expect, test } from '@jest/globals'
import { describeContext } from '../src/github/workflow-context.ts'

type Context = Parameters<typeof describeContext>[0]

const context: Context = {
  payload: {},
  eventName: 'push',
  sha: 'a1b2c3d4',
  ref: 'refs/heads/main',
  apiUrl: 'https://api.github.com',
  serverUrl: 'https://github.com',
  runId: 42,
  runAttempt: Number.NaN,
  repo: { owner: 'acme', repo: 'models' },
}
/** As `@actions/github` says that there is no repository. */
const outside: Context = {
  ...context,
  get repo(): Context['repo'] {
    throw new Error("context.repo requires a GITHUB_REPOSITORY environment variable like 'owner/repo'")
  },
}

test('a run has a page, and each later attempt its own', () => {
  expect(describeContext(context)).toEqual({
    repository: { owner: 'acme', repo: 'models' },
    apiUrl: 'https://api.github.com',
    pullRequest: undefined,
    runUrl: 'https://github.com/acme/models/actions/runs/42',
    runKey: '42-1',
    onDefaultBranch: false,
    sha: 'a1b2c3d4',
  })
  expect(describeContext({ ...context, runAttempt: 2 }).runUrl).toBe('https://github.com/acme/models/actions/runs/42/attempts/2')
})

test('outside of a workflow there is neither', () => {
  expect(describeContext(outside)).toMatchObject({ repository: undefined, runUrl: undefined })
  expect(describeContext({ ...context, runId: Number.NaN }).runUrl).toBeUndefined()
  expect(describeContext({ ...context, repo: { owner: 'acme', repo: undefined as unknown as string } }).repository).toBeUndefined()
})

test.each<[string, Partial<Context>, number | undefined]>([
  ['a pull request', { payload: { pull_request: { number: 12 } } }, 12],
  ['a run after a workflow of one', { payload: { workflow_run: { pull_requests: [{ number: 12 }] } } }, 12],
  ['a run after a workflow of a fork', { payload: { workflow_run: { pull_requests: [] } } }, undefined],
  ['a run after a workflow of two', { payload: { workflow_run: { pull_requests: [{ number: 12 }, { number: 13 }] } } }, undefined],
  ['a comment on one', { payload: { issue: { number: 13, pull_request: { url: 'x' } } } }, 13],
  ['a comment on an issue', { payload: { issue: { number: 14 } } }, undefined],
  ['the ref', { ref: 'refs/pull/15/merge' }, 15],
  ['a branch', { payload: { ref: 'refs/heads/main' } }, undefined],
  ['an empty event', { payload: null as unknown as Context['payload'] }, undefined],
])('the number comes from %s', (_title, more, number) => {
  expect(describeContext({ ...context, ...more }).pullRequest).toBe(number)
})

test.each<[string, Partial<Context>, boolean]>([
  ['a push to it', {}, true],
  ['a schedule', { eventName: 'schedule' }, true],
  ['a push to another branch', { ref: 'refs/heads/feature' }, false],
  ['a comment on a pull request, which runs on it', { eventName: 'issue_comment' }, false],
  ['a run after another workflow', { eventName: 'workflow_run' }, false],
  ['an event without the repository', { payload: {} }, false],
])('of the default branch, by %s: %j', (_title, change, expected) => {
  const payload = { repository: { default_branch: 'main', name: 'models', owner: { login: 'acme' } } }
  expect(describeContext({ ...context, payload, ...change }).onDefaultBranch).toBe(expected)
})
