import { expect, test } from '@jest/globals'
import { InputError, ServiceError } from '@prebake/kernel'
import { keepJournal, type BuildJournal, type BuilderSpec } from '../src/index.ts'
import { memoryAccount, signal } from './memory-account.ts'

const ends = '2026-11-29T14:00:00.000Z'
const spec = { clientToken: 't1', tags: { 'prebake:purpose': 'bake', 'prebake:ends': ends } } as unknown as BuilderSpec
const begun = { clientToken: 't1', purpose: 'bake', ends }

function open(refuse?: (operation: string) => void) {
  const saved: BuildJournal[] = []
  const account = memoryAccount({}, refuse)
  const ports = keepJournal(account, (journal) => saved.push(journal))
  return { ...ports, saved, last: () => saved.at(-1) }
}

test('a launch is written down before EC2 is asked, and its ID as soon as it is known', async () => {
  let known: BuildJournal | undefined
  const { builders, saved, last } = open((operation) => {
    if (operation === 'launch') known = last()
  })
  await builders.launch(spec, signal)
  expect(known).toEqual({ builders: [begun] })
  expect(saved).toHaveLength(2)
  expect(last()).toEqual({ builders: [{ ...begun, instanceId: 'i-1' }] })
})

const refusal = (code: string, status?: number) => new ServiceError({ operation: 'RunInstances', code, message: '', status })

test.each<[title: string, error: Error, left: number]>([
  ['a refusal', refusal('UnauthorizedOperation', 403), 0],
  ['a refusal that an input explains', new InputError([], { cause: refusal('InvalidSubnetID.NotFound', 400) }), 0],
  ['want of capacity', refusal('InsufficientInstanceCapacity', 500), 0],
  ['a fault of EC2', refusal('InternalError', 500), 1],
  ['no answer', refusal('ECONNRESET'), 1],
])('of a launch that fails, the journal keeps what may have happened all the same: %s', async (_title, error, left) => {
  const { builders, last } = open(() => {
    throw error
  })
  await expect(builders.launch(spec, signal)).rejects.toBe(error)
  expect(last()?.builders).toHaveLength(left)
})

test('an instance is removed once EC2 has listed it and accepted its termination', async () => {
  const { builders, last } = open()
  const { instanceId } = await builders.launch(spec, signal)
  await builders.get(instanceId, signal)
  await builders.stop(instanceId, signal)
  expect(last()?.builders).toEqual([{ ...begun, instanceId, stopped: true }])
  await builders.terminate(instanceId, signal)
  expect(last()).toEqual({ builders: [] })
})

test('ending one that EC2 has not shown yet proves nothing', async () => {
  const { builders, last } = open()
  const { instanceId } = await builders.launch(spec, signal)
  await builders.terminate(instanceId, signal)
  expect(last()?.builders).toHaveLength(1)
})

test('ending a stranger’s instance changes nothing', async () => {
  const { builders, saved } = open()
  await builders.get('i-9', signal)
  await builders.terminate('i-9', signal)
  expect(saved).toEqual([])
})

test('a snapshot is written down before it is asked for', async () => {
  let known: BuildJournal | undefined
  const { snapshots, last } = open((operation) => {
    if (operation === 'create snapshot') known = last()
  })
  await snapshots.create('vol-1', '', {}, signal)
  expect(known).toEqual({ builders: [], snapshot: {} })
  expect(last()).toEqual({ builders: [], snapshot: { snapshotId: 'snap-1' } })
})
