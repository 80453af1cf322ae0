import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { cleanUpBuild, leftBehind, mayHaveLeft, type BuildJournal } from '../src/index.ts'
import { instance, memoryAccount, signal, snapshot, steppingClock } from './memory-account.ts'

const runToken = '4711-1-x@octo-org/vllm'
const run = { 'prebake:run': runToken }
const ends = '2026-11-29T14:15:00.000Z'
const begun = (instanceId?: string) => ({ clientToken: 't', purpose: 'bake', ends, ...(instanceId && { instanceId }) })
const sealed: BuildJournal = { builders: [], snapshot: { snapshotId: 'snap-1' } }

const refused = (operation: string, code: string, status: number) =>
  new ServiceError({ operation, code, message: 'no.', status }, { transient: status >= 500 })

async function cleanUp(
  account: ReturnType<typeof memoryAccount>,
  journal: BuildJournal,
  finished = false,
): Promise<Awaited<ReturnType<typeof cleanUpBuild>> & { waitedMs: number }> {
  const clock = steppingClock()
  const result = await cleanUpBuild({ runToken, journal, finished }, { ...account, clock }, signal)
  return { ...result, waitedMs: clock.waitedMs() }
}

test('nothing was begun, or all of it has ended: there is nothing to ask AWS', () => {
  expect(mayHaveLeft({ journal: { builders: [] }, finished: false })).toBe(false)
  expect(mayHaveLeft({ journal: sealed, finished: true })).toBe(false)
  expect(mayHaveLeft({ journal: sealed, finished: false })).toBe(true)
  expect(mayHaveLeft({ journal: { builders: [begun()] }, finished: true })).toBe(true)
})

test('a known instance is ended without waiting for what cannot show any more', async () => {
  const account = memoryAccount({ instances: [instance('i-1', run), instance('i-2', { 'prebake:run': 'another' })] })
  expect(await cleanUp(account, { builders: [begun('i-1')] })).toMatchObject({ terminated: ['i-1'], waitedMs: 0 })
  expect(account.alive()).toEqual(['i-2'])
})

test('a launch that EC2 has not answered is searched for during a minute', async () => {
  const account = memoryAccount({ instances: [instance('i-1', run)] })
  expect(await cleanUp(account, { builders: [begun()] })).toMatchObject({ terminated: ['i-1'], waitedMs: 60_000 })
})

test('an instance that does not show yet is looked for again', async () => {
  let looks = 0
  const account = memoryAccount({ instances: [instance('i-1', run)] })
  const { builders } = account
  const lagging = {
    ...account,
    builders: {
      ...builders,
      find: async (...args: Parameters<typeof builders.find>) => ((looks += 1) < 3 ? [] : builders.find(...args)),
      get: async (...args: Parameters<typeof builders.get>) => (looks < 3 ? undefined : builders.get(...args)),
      terminate: async (...args: Parameters<typeof builders.terminate>) => (looks < 3 ? undefined : builders.terminate(...args)),
    },
  }
  await cleanUp(lagging, { builders: [begun('i-1')] })
  expect(account.alive()).toEqual([])
})

test.each(['pending', 'completed'] as const)('a sealed snapshot that is %s stays, whoever did not verify it', async (state) => {
  const account = memoryAccount({ snapshots: [snapshot('snap-1', run, state)] })
  expect(await cleanUp(account, sealed)).toMatchObject({ deleted: [], kept: { snapshotId: 'snap-1' }, waitedMs: 0 })
  expect(account.kept()).toEqual(['snap-1'])
})

test('a snapshot with a verdict is left alone', async () => {
  const account = memoryAccount({ snapshots: [snapshot('snap-1', { ...run, 'prebake:verified': 'failed' })] })
  expect(await cleanUp(account, sealed)).toMatchObject({ deleted: [], kept: undefined })
})

test('what EBS has given up is deleted', async () => {
  const account = memoryAccount({ snapshots: [snapshot('snap-1', run, 'error')] })
  expect(await cleanUp(account, sealed)).toMatchObject({ deleted: ['snap-1'], kept: undefined })
})

test('of two that came of one request the elder stays', async () => {
  const younger = snapshot('snap-2', run, 'pending', new Date('2026-11-29T11:31:00Z'))
  const account = memoryAccount({ snapshots: [snapshot('snap-1', run), younger] })
  expect(await cleanUp(account, { builders: [], snapshot: {} })).toMatchObject({ deleted: ['snap-2'], kept: { snapshotId: 'snap-1' } })
})

test('credentials that are refused are not tried for a minute, and what is known is tried by its ID', async () => {
  const account = memoryAccount({ instances: [instance('i-1', run)] }, (operation) => {
    throw refused(operation, 'RequestExpired', 400)
  })
  const { failures, waitedMs } = await cleanUp(account, { builders: [begun('i-1')] })
  expect([...failures.keys()]).toEqual(['Find the instances of this run', 'Find i-1', 'Terminate i-1'])
  expect(waitedMs).toBe(0)
})

test('a role that may not look can still end what it knows', async () => {
  const account = memoryAccount({ instances: [instance('i-1', run)] }, (operation) => {
    if (operation !== 'terminate') throw refused(operation, 'UnauthorizedOperation', 403)
  })
  expect(await cleanUp(account, { builders: [begun('i-1')] })).toMatchObject({ terminated: ['i-1'] })
  expect(account.alive()).toEqual([])
})

test('a fault of the service is waited out', async () => {
  let faults = 2
  const account = memoryAccount({ instances: [instance('i-1', run)] }, (operation) => {
    if (operation === 'terminate' && faults-- > 0) throw refused(operation, 'InternalError', 500)
  })
  expect(await cleanUp(account, { builders: [begun('i-1')] })).toMatchObject({ terminated: ['i-1'], waitedMs: 10_000 })
})

test('what is left is named, with what ends it and the commands', () => {
  const journal = { builders: [begun('i-1'), { ...begun(), clientToken: 'u', purpose: 'verify' }], snapshot: { snapshotId: 'snap-1' } }
  const { message, hint, errorCode } = leftBehind({ runToken, region: 'us-west-2', journal }, [['Clean up', new Error('no credentials')]])
  expect(errorCode).toBe('cleanup-incomplete')
  expect(message.split('\n')).toEqual([
    'Clean up: no credentials',
    `The run may have left in us-west-2, with the tag prebake:run=${runToken}:`,
    `- i-1 (launched to bake): its timer terminates it by ${ends} at the latest, if the build got as far as setting it`,
    `- an instance whose ID is unknown, because EC2 has not answered (launched to verify): its timer terminates it by ${ends} at the latest, if the build got as far as setting it`,
    '- snap-1: it is sealed and worth keeping. The next build of the same content verifies and uses it',
  ])
  expect(hint).toContain(`aws ec2 describe-instances --region us-west-2 --filters Name=tag:prebake:run,Values=${runToken}`)
  expect(hint).toContain('aws ec2 terminate-instances --region us-west-2 --instance-ids i-1')
})

test('a stopped machine has no timer that would end it', () => {
  const journal = { builders: [{ ...begun('i-1'), stopped: true }] }
  const { message } = leftBehind({ runToken, region: 'us-west-2', journal }, [])
  expect(message).toContain('i-1 (launched to bake): it is stopped, so it has no timer')
})
