import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Reporter } from '@prebake/kernel'
import { comment } from '../src/comment.ts'
import { findPullRequest } from '../src/find-pull-request.ts'
import { readControl } from '../src/read-control.ts'
import { benchmarkState } from '../src/state.ts'

const folder = mkdtempSync(join(tmpdir(), 'scale-benchmark-'))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const signal = new AbortController().signal

function told() {
  const lines: string[] = []
  const reporter = {
    info: (line: string) => lines.push(`info ${line}`),
    notice: (line: string) => lines.push(`notice ${line}`),
    warning: (line: string) => lines.push(`warning ${line}`),
  } as unknown as Reporter
  return { lines, reporter }
}

/** GitHub's API as one that refuses everything. */
async function refusing<T>(status: number, work: (apiUrl: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ message: 'Resource not accessible by integration' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const given = { comment: true, pullRequest: 7, githubToken: 'token', deployment: 'vllm', namespace: 'default' }

test.each([
  [403, /^notice No comment: .*403.*The report is in the job summary\.$/s],
  [404, /^warning No comment: /],
])('a refusal with %i costs the comment, not the run', async (status, line) => {
  const { lines, reporter } = told()
  const url = await refusing(status, (apiUrl) =>
    comment('text', given, { env: { GITHUB_REPOSITORY: 'acme/models', GITHUB_API_URL: apiUrl }, reporter }, signal),
  )
  expect(url).toBeUndefined()
  expect(lines).toEqual([expect.stringMatching(line)])
})

test.each<[string, Parameters<typeof comment>[1], NodeJS.ProcessEnv, readonly string[]]>([
  ['not wanted', { ...given, comment: false }, { GITHUB_REPOSITORY: 'acme/models' }, []],
  ['no pull request', { ...given, pullRequest: undefined }, { GITHUB_REPOSITORY: 'acme/models' }, ['belongs to no pull request']],
  ['no repository', given, {}, ['GITHUB_REPOSITORY is not set']],
  ['no token', { ...given, githubToken: '' }, { GITHUB_REPOSITORY: 'acme/models' }, ['`github-token` is empty']],
])('no comment: %s', async (_title, inputs, env, words) => {
  const { lines, reporter } = told()
  expect(await comment('text', inputs, { env, reporter }, signal)).toBeUndefined()
  expect(lines).toEqual(words.map((text) => expect.stringContaining(text)))
})

test.each<[string, Record<string, string>, number | undefined]>([
  ['a pull request', { GITHUB_EVENT_PATH: file('pull.json', '{"pull_request":{"number":12}}') }, 12],
  ['a comment on one', { GITHUB_EVENT_PATH: file('comment.json', '{"issue":{"number":13,"pull_request":{"url":"x"}}}') }, 13],
  ['a comment on an issue', { GITHUB_EVENT_PATH: file('issue.json', '{"issue":{"number":14}}') }, undefined],
  ['the ref', { GITHUB_EVENT_PATH: join(folder, 'none.json'), GITHUB_REF: 'refs/pull/15/merge' }, 15],
  ['a branch', { GITHUB_EVENT_PATH: file('push.json', '{"ref":"refs/heads/main"}'), GITHUB_REF: 'refs/heads/main' }, undefined],
  ['an empty event', { GITHUB_EVENT_PATH: file('null.json', 'null') }, undefined],
])('the number comes from %s', (_title, env, number) => {
  expect(findPullRequest(env)).toBe(number)
})

test.each([
  [join(folder, 'no-report.json'), '`control`: the file .* cannot be read \\(ENOENT\\)'],
  [file('half.json', '{"schema":'), '`control`: the file .* is no JSON'],
])('a control that is none: %s', async (path, words) => {
  await expect(readControl(path, {})).rejects.toThrow(new RegExp(words))
})

test('what is saved ahead of the first change is what post reads', () => {
  const env = { GITHUB_STATE: file('state', '') }
  const before = { deployment: 'vllm', namespace: 'serving', replicas: 2, set: [1, 5] }
  const state = benchmarkState(env)
  expect(state.read()).toBeUndefined()
  state.save(before)
  expect(state.read()).toEqual(before)
  const inPost = { STATE_deployment: 'vllm', STATE_namespace: 'serving', STATE_replicas: '2', STATE_set: '1 5' }
  expect(benchmarkState(inPost).read()).toEqual(before)
})
