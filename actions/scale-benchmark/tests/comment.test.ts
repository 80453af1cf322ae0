import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { WorkflowContext } from '@prebake/action-kit'
import { asStep } from '@prebake/action-kit/testing'
import type { Reporter } from '@prebake/kernel'
import { comment } from '../src/comment.ts'
import { readBaseline } from '../src/read-baseline.ts'
import { benchmarkState, type Remains } from '../src/state.ts'

const folder = mkdtempSync(join(tmpdir(), 'scale-benchmark-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const signal = new AbortController().signal

function recording() {
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

const workflow: WorkflowContext = {
  repository: { owner: 'acme', repo: 'models' },
  apiUrl: 'http://127.0.0.1:1',
  pullRequest: undefined,
  runUrl: undefined,
  runKey: undefined,
  onDefaultBranch: false,
  sha: undefined,
}

const given = { comment: true, pullRequest: 7, githubToken: 'token', deployment: 'vllm', namespace: 'default' }

test.each([
  [403, /^notice No comment: .*403.*The report is in the job summary\.$/s],
  [404, /^warning No comment: /],
])('a refusal with %i costs the comment, not the run', async (status, line) => {
  const { lines, reporter } = recording()
  const url = await refusing(status, (apiUrl) => comment('text', given, { workflow: { ...workflow, apiUrl }, reporter }, signal))
  expect(url).toBeUndefined()
  expect(lines).toEqual([expect.stringMatching(line)])
})

test.each<[string, Parameters<typeof comment>[1], WorkflowContext, readonly string[]]>([
  ['not wanted', { ...given, comment: false }, workflow, []],
  ['no pull request', { ...given, pullRequest: undefined }, workflow, ['belongs to no pull request']],
  ['no repository', given, { ...workflow, repository: undefined }, ['GITHUB_REPOSITORY is not set']],
  ['no token', { ...given, githubToken: '' }, workflow, ['`github-token` is empty']],
])('no comment: %s', async (_title, inputs, context, words) => {
  const { lines, reporter } = recording()
  expect(await comment('text', inputs, { workflow: context, reporter }, signal)).toBeUndefined()
  expect(lines).toEqual(words.map((text) => expect.stringContaining(text)))
})

const secret = file('passwd', 'root:x:0:0:root:/root:/bin/bash')

test.each([
  [join(folder, 'no-report.json'), 'cannot be read (ENOENT).'],
  [file('half.json', '{"schema":'), 'is not valid JSON.'],
  [secret, 'is not valid JSON.'],
  ['/etc/passwd', 'is outside the workspace.'],
  ['../../../../../etc/passwd', 'is outside the workspace.'],
])('a baseline that is not a report, %s: refused without a word of it', async (path, words) => {
  const reading = readBaseline(path, { GITHUB_WORKSPACE: join(folder, 'workspace'), RUNNER_TEMP: folder })
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  )
  expect(error?.message).toBe(
    `\`baseline\`: the file ${path} ${words} Give the path of a file from the output \`report\` of an earlier run, in the workspace or in RUNNER_TEMP.`,
  )
})

test.each<[string, Remains, Record<string, string>]>([
  [
    'in place',
    { mode: 'in-place', run: '1-1-a', deployment: 'vllm', namespace: 'serving', replicas: 2, set: [1, 5], instanceTypes: [] },
    { mode: 'in-place', run: '1-1-a', deployment: 'vllm', namespace: 'serving', replicas: '2', set: '1 5' },
  ],
  [
    'isolated',
    { mode: 'isolated', run: '1-1-a', namespace: 'serving', instanceTypes: ['g6.2xlarge', 'g6.2xlarge'] },
    { mode: 'isolated', run: '1-1-a', namespace: 'serving', instanceTypes: 'g6.2xlarge g6.2xlarge' },
  ],
])('what is saved ahead of the first change is what post reads: %s', (_title, remains, saved) => {
  asStep({ GITHUB_STATE: file('state', '') }, () => {
    const state = benchmarkState()
    expect(state.read()).toBeUndefined()
    state.save(remains)
    expect(state.read()).toEqual(remains)
  }).result()
  const inPost = Object.fromEntries(Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]))
  expect(asStep(inPost, () => benchmarkState().read()).result()).toEqual(remains)
})
