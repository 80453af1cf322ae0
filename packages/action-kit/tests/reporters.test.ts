import { expect, test } from '@jest/globals'
import { documentLink } from '@prebake/kernel'
import { terminalReporter } from '../src/index.ts'
import { runFixture } from './start-fixture.ts'

function steppingClock(stepMs: number) {
  let now = 0
  return { now: () => new Date((now += stepMs)), sleep: () => Promise.resolve() }
}

test('in a workflow: groups, annotations, each progress once, addresses of documents, and one summary', async () => {
  const { log, summary, debug } = await runFixture({ MAIN: 'report', GITHUB_ACTION_REPOSITORY: 'acme/prebake', GITHUB_ACTION_REF: 'v1' })
  expect(log).toBe(
    '::group::Bake 50%25\none\n:\u200b:error::two\npending\nrunning\npending\n::endgroup::\n::group::Seal\n::endgroup::\n' +
      '::notice::a%0Ab7\n::warning file=deploy/vllm/nodepool.yaml,line=3::c\n' +
      'see https://github.com/acme/prebake/blob/v1/docs/security.md#variables.\n',
  )
  expect(summary).toBe('# S\n\nmore\n')
  expect(debug).toEqual([])
})

test.each([
  ['as the runner says it', { RUNNER_DEBUG: '1' }],
  ['as a user sets it', { ACTIONS_STEP_DEBUG: 'true' }],
])('with debug logging, %s, decisions are shown', async (_title, env) => {
  expect((await runFixture({ MAIN: 'report', ...env })).debug).toEqual([expect.stringMatching(/^main of bake: Node v\d/), 'chose quick'])
})

test('with debug logging each request is shown, and nothing of what it sends', async () => {
  const { debug } = await runFixture({ MAIN: 'request', RUNNER_DEBUG: '1' })
  expect(debug.slice(1)).toEqual([
    expect.stringMatching(/^GET api\.github\.com \/user: 204 in \d+ ms$/),
    expect.stringMatching(/^GET api\.github\.com \/user: no response in \d+ ms$/),
  ])
  expect((await runFixture({ MAIN: 'request' })).debug).toEqual([])
})

test('ten annotations of a level; the rest is in the log and the summary, and one line says so', async () => {
  const { log, summary } = await runFixture({ MAIN: 'warnOften' })
  const lines = log.split('\n')
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length
  expect([count('::warning::'), count('::notice::'), count('::error')]).toEqual([10, 10, 1])
  expect(log).toContain('Warning: ::warning 11\nof <14>\n')
  expect(log).toContain('4 more warnings without an annotation, because GitHub shows 10 per step. See the log above and the job summary.\n')
  expect(log).toContain('1 more notice without an annotation')
  expect(summary).toBe(
    `# Often\n\n### 1 more notice\n\n- notice 11\n\n### 4 more warnings\n\n${[11, 12, 13, 14].map((index) => `- ::warning ${index} of &lt;14>\n`).join('')}`,
  )
})

async function reportAtTerminal(isTTY: boolean, env: Record<string, string>): Promise<string> {
  let written = ''
  const reporter = terminalReporter({ isTTY, write: (text) => (written += text) }, steppingClock(35_000), env)
  await reporter.group('Bake', async () => {
    reporter.info('::a')
    reporter.progress('1 of 2')
    reporter.progress('1 of 2')
  })
  await reporter.group('Seal', () => Promise.reject(new Error('no'))).catch(() => {})
  reporter.warning(`w, see ${documentLink('docs/security.md')}`)
  reporter.debug('d')
  reporter.summary('# S\n')
  return written
}

const address = 'https://github.com/your-org/prebake/blob/HEAD/docs/security.md'

test('the terminal reporter says the same without commands, with the time that passed', async () => {
  expect(await reportAtTerminal(false, {})).toBe(
    `Bake\n  ::a\n     35 s  1 of 2\n  done in 1 m 10 s\nSeal\n  failed after 35 s\nWarning: w, see ${address}\n\n# S\n\n`,
  )
  expect(await reportAtTerminal(false, { ACTIONS_STEP_DEBUG: 'true' })).toContain('Debug: d\n')
})

test('colour only at a terminal that wants it', async () => {
  const plain = await reportAtTerminal(false, {})
  expect(await reportAtTerminal(true, { NO_COLOR: '1' })).toBe(plain)
  const coloured = await reportAtTerminal(true, {})
  expect(coloured).toContain(`\u001b[33mWarning: w, see ${address}\u001b[39m`)
  // oxlint-disable-next-line no-control-regex -- escape sequences are the matter
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
})
