import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { connectAws } from '@prebake/aws'
import { runStep, startSimulator, type Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

const { signal } = new AbortController()
let account: Account
let folder: string

interface Account {
  readonly simulator: Simulator
  /** Takes a snapshot with these tags; it is pending. */
  readonly takeSnapshot: (tags: Readonly<Record<string, string>>) => Promise<string>
  readonly completed: (snapshotId: string) => Promise<string>
}

/** An account with one volume to take snapshots of. No script runs on a machine here, so time may fly. */
async function openAccount(rate: number): Promise<Account> {
  const simulator = await startSimulator({ rate })
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
})

async function publish(snapshotId: string, inputs: Record<string, string> = {}, { simulator } = account) {
  try {
    const { main } = await runStep({
      action: join(import.meta.dirname, '..'),
      inputs: { 'snapshot-id': snapshotId, 'variable-token': simulator.variableToken, ...inputs },
      environment: simulator.environment,
      workspace: join(folder, 'workspace'),
      temp: folder,
    })
    const file = join(folder, 'workspace/.snapshot-id')
    return {
      ...main,
      errors: main.lines.filter((line) => line.startsWith('::error')),
      file: existsSync(file) ? readFileSync(file, 'utf8') : undefined,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a verified snapshot is published; a second time nothing changes; the next one tells what stood there before', async () => {
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
  expect((await publish(second)).outputs).toEqual({ 'snapshot-id': second, 'previous-snapshot-id': first, changed: 'true' })
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

test('a probe ahead of the build: it needs no snapshot and no AWS, writes nothing, and tells of a token that may not', async () => {
  const { simulator } = account
  const before = simulator.variables()
  const probe = { probe: 'true' }
  const asked = simulator.requests().length
  const allowed = await publish('', probe)
  expect(allowed).toMatchObject({ exitCode: 0, outputs: {}, file: undefined })
  expect(allowed.lines).toContain('May be written: repository variable VLLM_SNAPSHOT_ID and file .snapshot-id')
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

test('a token without the permission: GitHub in its own words, and what the token needs', async () => {
  const { simulator, takeSnapshot, completed } = account
  const snapshotId = await completed(await takeSnapshot({ 'prebake:verified': 'quick' }))
  const { exitCode, errors, lines, file } = await publish(snapshotId, { 'variable-token': simulator.githubToken })
  expect(exitCode).toBe(1)
  expect(errors[0]).toContain('Resource not accessible by integration')
  expect(lines.join('\n')).toContain('Variables: write')
  expect(file).toBeUndefined()
})
