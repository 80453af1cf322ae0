import { expect, test } from '@jest/globals'
import { runFixture } from './start-fixture.ts'

const grey = (line: string) => `\u001b[90m${line}\u001b[39m\n`

test('main runs, at the rate that a simulation sets, and leaves word for post', async () => {
  const ended = await runFixture({ MAIN: 'succeed', PREBAKE_CLOCK_RATE: '6000' })
  expect(ended).toMatchObject({ code: 0, log: 'a minute passed\n', errors: '', state: { isPost: 'true' }, summary: '# Done\n' })
})

test('post runs where main has left word', async () => {
  const ended = await runFixture({ STATE_isPost: 'true', MAIN: 'fail', POST: 'succeed', PREBAKE_CLOCK_RATE: '6000' })
  expect(ended).toMatchObject({ code: 0, log: 'a minute passed\n', errors: '', state: {}, summary: '# Done\n' })
})

test('an action without post leaves no word', async () => {
  expect(await runFixture({ POST: 'absent' })).toMatchObject({ code: 0, log: '', state: {} })
})

test('a failure is one annotation, then its causes in grey, then what to do; the summary is kept', async () => {
  const ended = await runFixture({ MAIN: 'fail' })
  expect(ended.log).toBe(
    '::error title=bake::Create snapshot of vol-1: refused.\n' +
      grey('Caused by: CreateSnapshot: Denied: no (request r-1)') +
      grey('Caused by: AggregateError: no message') +
      grey('Caused by: Error: ECONNREFUSED') +
      grey('Caused by: Error: second') +
      grey('address') +
      'Add ec2:CreateSnapshot to the role.\n',
  )
  expect(ended).toMatchObject({ code: 1, errors: '', state: { isPost: 'true' }, summary: '# Half done\n' })
})

test('why pods do not start stands beneath the failure and in the summary, with the code of what is certain', async () => {
  const ended = await runFixture({ MAIN: 'failInTrouble' })
  expect(ended.log).toMatch(
    /^::error title=bake::Roll out vllm: no\.\n.*likeliest cause first:\n1\. EC2 has none\. \(no-capacity\)\n {3}by hand: kubectl get nodeclaims\n/,
  )
  expect(ended.log).toContain('Error codes: rollout-rolled-back, no-capacity (')
  expect(ended.log).toMatch(/\nAllow more types\.\n$/)
  expect(ended.summary).toBe('# Half done\n## Diagnosis\n')
})

test.each([
  ['causes that run in a circle', 'failInCircle', `::error title=bake::TypeError: a\n${grey('Caused by: Error: b')}`],
  ['a hint beneath the surface', 'hintBeneath', `::error title=bake::Error: outer\n${grey('Caused by: inner')}Do that.\n`],
  ['a text that was thrown', 'throwText', '::error title=bake::A value that is not an error was thrown: only text\n'],
  ['wrong inputs', 'wrongInputs', '::error title=bake::`model`: is missing. Give it.%0A`timeout`: `5` is not a time. Give `5m`.\n'],
  ['a rejection that is not awaited', 'rejectUnseen', '::error title=bake::Error: not awaited\n'],
])('%s: one annotation', async (_title, main, log) => {
  expect(await runFixture({ MAIN: main })).toMatchObject({ code: 1, log, errors: '' })
})

test('a wrong clock rate is the same kind of error', async () => {
  const { log, code } = await runFixture({ PREBAKE_CLOCK_RATE: 'fast' })
  expect(code).toBe(1)
  expect(log).toBe(
    '::error title=bake::`PREBAKE_CLOCK_RATE`: `fast` is not a positive number. Leave it unset outside a simulation.\n' +
      grey('Error code: clock-rate-malformed (https://github.com/your-org/prebake/blob/HEAD/docs/errors.md)'),
  )
})

test('a failure in a file is annotated there, and says where our documents are', async () => {
  const ended = await runFixture({ MAIN: 'failInFile', GITHUB_ACTION_REPOSITORY: 'acme/prebake', GITHUB_ACTION_REF: 'v1' })
  expect(ended.log).toBe(
    '::error title=bake,file=k8s/b.yaml,line=7::`k8s/b.yaml:7:3 NodePool vllm`: is wrong. See https://github.com/acme/prebake/blob/v1/deploy/infra/README.md.' +
      '%0A`k8s/c.yaml:1`: is wrong too. Fix it.\n',
  )
})

test('a state that cannot be written ends the run before it creates anything', async () => {
  const ended = await runFixture({ MAIN: 'fail', GITHUB_STATE: '/nowhere/state' })
  expect(ended).toMatchObject({ code: 1, summary: '' })
  expect(ended.log).toContain("::error title=bake::Save the state for the cleanup: the runner's file cannot be written.\n")
})

test('in a terminal, without any file of the runner, an action runs and shows what it hands on', async () => {
  const ended = await runFixture({ MAIN: 'handOn', GITHUB_STATE: '', GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' })
  expect(ended).toMatchObject({ code: 0, errors: '' })
  expect(ended.log).toContain('::set-output name=path::/tmp/a%0Ab\n')
})

test('a failure of post is a warning', async () => {
  const ended = await runFixture({ STATE_isPost: 'true', POST: 'throwText' })
  expect(ended).toMatchObject({ code: 0, log: '::warning title=bake (post)::A value that is not an error was thrown: only text\n' })
})

test('a summary that cannot be written is a warning, and the run stays good', async () => {
  const ended = await runFixture({ MAIN: 'succeed', PREBAKE_CLOCK_RATE: '6000', GITHUB_STEP_SUMMARY: '/nowhere/summary' })
  expect(ended.code).toBe(0)
  expect(ended.log).toContain("::warning title=bake::Write the job summary: the runner's file cannot be written.\n")
})

const cancelled = '::warning title=bake::The run was cancelled.\n'

test.each([
  ['SIGINT', ['SIGINT']],
  ['SIGTERM', ['SIGTERM']],
  ['both', ['SIGINT', 'SIGTERM']],
] as const)('%s cancels: a warning, exit code 1, the state and summary kept', async (_title, signals) => {
  const ended = await runFixture({ MAIN: 'wait' }, signals)
  expect(ended).toMatchObject({
    code: 1,
    signal: null,
    log: `ready\n${cancelled}`,
    errors: '',
    state: { isPost: 'true' },
    summary: '# Waiting\n',
  })
  expect(ended.tookMs).toBeLessThan(3000)
})

test('what a cancelled call throws is reported as its cause', async () => {
  const ended = await runFixture({ MAIN: 'waitInOwnWords' }, ['SIGINT'])
  expect(ended).toMatchObject({ code: 1, log: `ready\n${cancelled}${grey('Caused by: Error: Request aborted')}` })
})

test('work that does not listen is left behind before the runner kills it', async () => {
  const ended = await runFixture({ MAIN: 'ignoreTheSignal' }, ['SIGINT'])
  expect(ended).toMatchObject({ code: 1, signal: null, log: `ready\n${cancelled}` })
  expect(ended.tookMs).toBeLessThan(7000)
}, 15_000)

test('a cancel by the action itself is a warning too', async () => {
  expect(await runFixture({ MAIN: 'cancelItself' })).toMatchObject({ code: 1, log: cancelled })
})

test('a cancelled post is a warning', async () => {
  const ended = await runFixture({ STATE_isPost: 'true', POST: 'wait' }, ['SIGINT'])
  expect(ended).toMatchObject({ code: 0, log: 'ready\n::warning title=bake (post)::The run was cancelled.\n' })
})

test('a dangling socket does not keep the process', async () => {
  const ended = await runFixture({ MAIN: 'dangle' })
  expect(ended).toMatchObject({ code: 0, log: 'done, but for a socket\n' })
  expect(ended.tookMs).toBeLessThan(4000)
})

test('a malformed proxy is the same error in every action, before main and without its password', async () => {
  const { log, code } = await runFixture({ MAIN: 'succeed', HTTPS_PROXY: 'http://me:secret@' })
  expect(code).toBe(1)
  expect(log).toMatch(/^::error title=bake::`HTTPS_PROXY`: .*\n.*Error code: proxy-address-malformed /)
  expect(log).not.toContain('secret')
})
