import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { connectAws } from '@prebake/aws'
import { runStep } from '@prebake/action-kit/testing'
import { scriptFaults, startSimulator, type Fault, type FaultPlan, type Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

const { signal } = new AbortController()
let account: Account
let folder: string
let faults: FaultPlan = () => undefined

interface Account {
  readonly simulator: Simulator
  /** Takes a snapshot with these tags; it is pending. */
  readonly takeSnapshot: (tags: Readonly<Record<string, string>>) => Promise<string>
  readonly completed: (snapshotId: string) => Promise<string>
}

/** An account with one volume to take snapshots of. No script runs on a machine here, so time may fly. */
async function openAccount(rate: number): Promise<Account> {
  const simulator = await startSimulator({ rate, faults: (request) => faults(request) })
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const volumeId = await bootVolume(simulator)
  return {
    simulator,
    takeSnapshot: async (tags) => (await snapshots.create(volumeId, 'test', { 'prebake:run': 'test', ...tags }, signal)).snapshotId,
    async completed(snapshotId) {
      while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(10)
      return snapshotId
    },
  }
}

beforeAll(async () => {
  account = await openAccount(1200)
})
afterAll(() => account.simulator.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  faults = () => undefined
})

const githubFault = (operation: string, more: Partial<Fault> = {}): Fault => ({
  server: 'github',
  operation,
  effect: { kind: 'error', status: 502, code: '', message: 'Server Error' },
  ...more,
})

/** What is in the workspace before the step: text of a file, by its path. */
function workspaceWith(files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'workspace'))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, 'workspace', path), text)
}

/** Runs the step, and then throws its runner away with all that was on it. */
async function publish(snapshotId: string, inputs: Record<string, string> = {}, { simulator } = account, environment = {}) {
  try {
    const { main } = await runStep({
      action: join(import.meta.dirname, '..'),
      inputs: { 'snapshot-id': snapshotId, 'variable-token': simulator.variableToken, ...inputs },
      environment: { ...simulator.environment, ...environment },
      workspace: join(folder, 'workspace'),
      temp: folder,
    })
    const file = join(folder, 'workspace', inputs['file'] ?? '.snapshot-id')
    return {
      ...main,
      errors: main.lines.filter((line) => line.startsWith('::error')),
      file: existsSync(file) ? readFileSync(file, 'utf8') : undefined,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a verified snapshot is published; a second time nothing changes; the next one hands on what was published before', async () => {
  const { simulator, takeSnapshot, completed } = account
  const first = await completed(await takeSnapshot({ 'prebake:verified': 'quick' }))
  const published = await publish(first)
  expect(published).toMatchObject({
    exitCode: 0,
    outputs: { 'snapshot-id': first, 'previous-snapshot-id': '', changed: 'true' },
    file: `${first}\n`,
  })
  expect(simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: first })
  expect(published.summary).toContain(first)
  const again = await publish(first, { file: 'none' })
  expect(again).toMatchObject({ exitCode: 0, outputs: { changed: 'false' }, file: undefined })
  const second = await completed(await takeSnapshot({ 'prebake:verified': 'full' }))
  expect((await publish(second)).outputs).toEqual({
    'snapshot-id': second,
    'previous-snapshot-id': first,
    changed: 'true',
    'pull-request-url': '',
  })
})

test('a snapshot that is not completed is refused, and nothing is written', async () => {
  // Minutes of this account's time pass while the action starts.
  const slow = await openAccount(20)
  try {
    const pending = await slow.takeSnapshot({ 'prebake:verified': 'quick' })
    expect((await publish(pending, {}, slow)).errors[0]).toContain(`\`snapshot-id\`: ${pending} is pending`)
    expect(slow.simulator.variables()).toEqual({})
  } finally {
    await slow.simulator.stop()
  }
})

test('what does not exist, is not verified or was rejected is refused, and nothing is written', async () => {
  const { simulator, takeSnapshot, completed } = account
  const before = simulator.variables()
  expect((await publish('snap-00000000000000000')).errors[0]).toContain('does not exist in this region')
  const unverified = await completed(await takeSnapshot({}))
  expect((await publish(unverified)).errors[0]).toContain('never verified')
  const rejected = await completed(await takeSnapshot({ 'prebake:verified': 'quick', 'prebake:rejected': 'rollout' }))
  const refused = await publish(rejected)
  expect(refused).toMatchObject({ exitCode: 1, errors: [expect.stringContaining('rejected')], file: undefined })
  expect(simulator.variables()).toEqual(before)
})

test('a probe ahead of the build: it needs no snapshot and no AWS, writes nothing, and reports a token that may not', async () => {
  const { simulator } = account
  const before = simulator.variables()
  const probe = { probe: 'true' }
  const asked = simulator.requests().length
  const allowed = await publish('', probe)
  expect(allowed).toMatchObject({ exitCode: 0, outputs: {}, file: undefined })
  expect(allowed.lines).toContain('Writable: repository variable VLLM_SNAPSHOT_ID and file .snapshot-id')
  const refused = await publish('', { ...probe, 'variable-token': simulator.githubToken })
  expect(refused.exitCode).toBe(1)
  expect(refused.lines.join('\n')).toMatch(/Variables: write.*INPUT_PERMISSION-ACTIONS-VARIABLES/)
  expect(simulator.variables()).toEqual(before)
  expect(
    new Set(
      simulator
        .requests()
        .slice(asked)
        .map(({ server }) => server),
    ),
  ).toEqual(new Set(['github']))
})

test('outside a repository, the variable cannot be found, and nothing is written', async () => {
  const outside = await publish('', { probe: 'true' }, account, { GITHUB_REPOSITORY: '' })
  expect(outside).toMatchObject({ exitCode: 1, file: undefined })
  expect(outside.lines.join('\n')).toContain('Error code: repository-unknown')
})

test('a token without the permission: GitHub in its own words, and what the token needs', async () => {
  const { simulator, takeSnapshot, completed } = account
  const snapshotId = await completed(await takeSnapshot({ 'prebake:verified': 'quick' }))
  const { exitCode, errors, lines, file } = await publish(snapshotId, { 'variable-token': simulator.githubToken })
  expect(exitCode).toBe(1)
  expect(errors[0]).toContain('Resource not accessible by integration')
  expect(lines.join('\n')).toContain('Variables: write')
  expect(file).toBeUndefined()
})

describe('with a verified snapshot', () => {
  const other = 'snap-0aaaaaaaaaaaaaaaa'
  let good: string
  beforeAll(async () => {
    good = await account.completed(await account.takeSnapshot({ 'prebake:verified': 'quick' }))
  })
  const outputs = (previous: string, changed: boolean) => ({
    'snapshot-id': good,
    'previous-snapshot-id': previous,
    changed: String(changed),
  })

  test('a fresh runner has no file, and that changes nothing; a file that says another is what was published before', async () => {
    await publish(good)
    expect(await publish(good)).toMatchObject({ exitCode: 0, outputs: outputs('', false), file: `${good}\n` })
    folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
    workspaceWith({ '.snapshot-id': `${other}\n` })
    expect(await publish(good)).toMatchObject({ exitCode: 0, outputs: outputs(other, true), file: `${good}\n` })
  })

  test('a file of secrets is neither shown nor overwritten, and found by a probe too', async () => {
    for (const inputs of [{ probe: 'true' }, {}]) {
      folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
      workspaceWith({ '.env': 'DB_PASSWORD=hunter2\n' })
      const refused = await publish(good, { file: '.env', 'variable-scope': 'none', 'variable-token': '', ...inputs })
      expect(refused).toMatchObject({ exitCode: 1, outputs: {}, summary: '', file: 'DB_PASSWORD=hunter2\n' })
      expect(refused.errors).toEqual([expect.stringContaining('`file`: `.env` contains something other than a snapshot ID')])
      expect(refused.lines.join('\n')).not.toContain('hunter2')
    }
  })

  test('a link out of the workspace is refused, and a missing folder is made', async () => {
    workspaceWith({})
    mkdirSync(join(folder, 'outside'))
    symlinkSync('../outside', join(folder, 'workspace/lnk'))
    expect((await publish(good, { file: 'lnk/id' })).errors).toEqual([expect.stringContaining('`lnk/id` is outside the workspace')])
    folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
    expect(await publish(good, { file: 'snapshots/awq' })).toMatchObject({ exitCode: 0, file: `${good}\n` })
  })

  test('GitHub’s 502 costs a second, not the step', async () => {
    faults = scriptFaults([githubFault('GET')])
    const before = account.simulator.requests().length
    expect(await publish(good)).toMatchObject({ exitCode: 0, errors: [] })
    const github = account.simulator
      .requests()
      .slice(before)
      .filter(({ server }) => server === 'github')
    expect(github.map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 502', 'GET 200'])
  })

  test('where the file cannot be written after the variable, the outputs are there, and the error has the way back', async () => {
    const next = await account.completed(await account.takeSnapshot({ 'prebake:verified': 'quick' }))
    // The name of the file beside it, which takes its place, is too long.
    const failed = await publish(next, { file: 'x'.repeat(240) })
    expect(failed).toMatchObject({ exitCode: 1, outputs: { ...outputs(good, true), 'snapshot-id': next }, file: undefined })
    expect(failed.errors[0]).toContain(`Publish ${next}: file ${'x'.repeat(240)} could not be written`)
    expect(failed.errors[0]).toContain(`already written: repository variable VLLM_SNAPSHOT_ID (before: ${good})`)
    expect(failed.lines.join('\n')).toContain(`To go back instead, set repository variable VLLM_SNAPSHOT_ID to ${good}.`)
    expect(account.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: next })
    expect(await publish(good)).toMatchObject({ exitCode: 0, outputs: outputs(next, true) })
  })

  test('debug logging shows what was decided and each request, without a secret', async () => {
    const { simulator } = account
    const { lines, exitCode } = await publish(good, {}, account, { RUNNER_DEBUG: '1' })
    expect(exitCode).toBe(0)
    const debug = lines.filter((line) => line.startsWith('::debug::'))
    const shown = debug.join('\n')
    expect(shown).toMatch(/::debug::POST 127\.0\.0\.1:\d+ DescribeSnapshots: 200 in \d+ ms/)
    expect(shown).toMatch(/::debug::GET 127\.0\.0\.1:\d+ \/repos\/\{owner\}\/\{repo\}\/actions\/variables\/\{name\}: 200 in \d+ ms/)
    expect(shown).toContain(`::debug::repository variable VLLM_SNAPSHOT_ID: ${good}`)
    const secrets = [simulator.variableToken, simulator.environment['AWS_SECRET_ACCESS_KEY'] ?? '', 'Signature']
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect((await publish(good)).lines.filter((line) => line.startsWith('::debug::'))).toEqual([])
  })

  test('what is masked is the token alone, and in no output, which GitHub would drop', async () => {
    const { lines, outputs: given } = await publish(good)
    expect(lines.filter((line) => line.startsWith('::add-mask::'))).toEqual([`::add-mask::${account.simulator.variableToken}`])
    expect(JSON.stringify(given)).not.toContain(account.simulator.variableToken)
  })

  test.each([
    [
      'an action of a repository',
      { GITHUB_ACTION_REPOSITORY: 'acme/prebake', GITHUB_ACTION_REF: 'v1' },
      'https://github.com/acme/prebake/blob/v1',
    ],
    ['a local action', {}, 'https://github.com/your-org/prebake/blob/HEAD'],
  ])('a message names a document by its address: %s', async (_title, environment, root) => {
    const { errors } = await publish(good, { 'variable-token': '' }, account, environment)
    expect(errors[0]).toContain(`(${root}/docs/security.md#variables)`)
  })
})
