import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let folder: string
let simulator: Simulator
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(folder, 'machines'))
})
afterEach(() => simulator.stop())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function build(attempt: string, stopAt?: { line: string; signal: NodeJS.Signals }, more: Record<string, string> = {}) {
  let pid = 0
  return runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, timeout: '10m' },
    environment: { ...simulator.environment, GITHUB_RUN_ID: '4711', GITHUB_RUN_ATTEMPT: attempt, ...more },
    workspace: join(folder, 'workspace'),
    temp: folder,
    onStart: (started) => (pid = started),
    onLine: (line) => {
      if (stopAt !== undefined && line.includes(stopAt.line)) process.kill(pid, stopAt.signal)
    },
  })
}
const alive = () => simulator.aws.instances().filter(({ state }) => state === 'pending' || state === 'running')

test('a re-run ends the builder of its lost first attempt at once, and bakes', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  await build('9', { line: 'running: model', signal: 'SIGKILL' })
  const [lost] = alive()
  expect(lost?.tags['prebake:run']).toMatch(/^4711-9-[0-9a-f-]{36}@octo-org\/vllm-on-eks$/)
  const again = await build('10')
  expect(again.main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  expect(again.main.outputs['reused']).toBe('false')
  const log = again.main.lines.join('\n')
  expect(log).toContain(`Terminated ${lost?.instanceId} of run ${lost?.tags['prebake:run']}: an earlier attempt of this run`)
  expect(log).not.toContain('bakes the same content')
  expect(alive()).toEqual([])
})

test('a cancelled check leaves the sealed snapshot, and the next build verifies and uses it', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const cancelled = await build('1', { line: 'to verify', signal: 'SIGINT' })
  expect(cancelled.main.exitCode).toBe(1)
  const cleaned = await cancelled.post?.()
  const [snapshot, ...more] = simulator.aws.snapshots()
  expect(more).toEqual([])
  expect(snapshot?.tags).not.toHaveProperty('prebake:verified')
  const said = cleaned?.lines.find((line) => line.startsWith('::notice')) ?? ''
  for (const words of [
    `Kept ${snapshot?.snapshotId}`,
    'not verified',
    'The next build of the same content verifies and uses it',
    'at most $7.50 a month for 150 GiB',
    `aws ec2 delete-snapshot --region us-west-2 --snapshot-id ${snapshot?.snapshotId}`,
  ])
    expect(said).toContain(words)
  expect(alive()).toEqual([])

  const next = await build('1', undefined, { GITHUB_RUN_ID: '4712' })
  expect(next.main.outputs).toMatchObject({ 'snapshot-id': snapshot?.snapshotId, reused: 'true' })
  expect(next.main.lines.join('\n')).toContain(`Adopted ${snapshot?.snapshotId}`)
  expect(simulator.aws.snapshots()).toMatchObject([{ snapshotId: snapshot?.snapshotId, tags: { 'prebake:verified': 'quick' } }])
  expect((await next.post?.())?.lines).toEqual(['Nothing to clean up: the run has terminated what it launched.'])
})
