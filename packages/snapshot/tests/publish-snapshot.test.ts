import { expect, test } from '@jest/globals'
import { PrebakeError, type Reporter } from '@prebake/kernel'
import type { Pointer } from '../src/ports/pointers.ts'
import type { SnapshotRecord, Snapshots } from '../src/ports/snapshots.ts'
import { publishSnapshot } from '../src/publish-snapshot.ts'

const good: SnapshotRecord = {
  snapshotId: 'snap-1',
  state: 'completed',
  stateMessage: undefined,
  progress: 100,
  volumeSizeGiB: 150,
  startedAt: new Date(0),
  tags: { 'prebake:verified': 'quick' },
}

function pointer(title: string, value?: string, refusal?: Error): Pointer & { writes: string[] } {
  const writes: string[] = []
  return {
    title,
    writes,
    read: async () => writes.at(-1) ?? value,
    probe: async () => {
      if (refusal !== undefined) throw refusal
    },
    write: async (next) => void writes.push(next),
  }
}

function publish(snapshot: SnapshotRecord | undefined, pointers: readonly Pointer[], allowUnverified = false) {
  const snapshots = { get: async () => snapshot } as unknown as Snapshots
  const quiet = { info: () => undefined } as unknown as Reporter
  return publishSnapshot({ snapshotId: 'snap-1', allowUnverified }, { snapshots, pointers, reporter: quiet }, new AbortController().signal)
}

test('writes what differs, leaves what is right, and tells what stood there before', async () => {
  const [stale, current, empty] = [pointer('a', 'snap-0'), pointer('b', 'snap-1'), pointer('c')]
  expect(await publish(good, [stale, current, empty])).toEqual({ snapshotId: 'snap-1', previousSnapshotId: 'snap-0', changed: true })
  expect([stale.writes, current.writes, empty.writes]).toEqual([['snap-1'], [], ['snap-1']])
  expect(await publish(good, [current])).toEqual({ snapshotId: 'snap-1', previousSnapshotId: 'snap-1', changed: false })
})

test.each<[string, SnapshotRecord | undefined, string]>([
  ['missing', undefined, 'does not exist'],
  ['pending', { ...good, state: 'pending', progress: 40 }, 'is pending (40 %)'],
  ['unverified', { ...good, tags: {} }, 'never verified'],
  ['failed', { ...good, tags: { 'prebake:verified': 'failed' } }, 'never verified'],
  ['rejected', { ...good, tags: { ...good.tags, 'prebake:rejected': 'rollout' } }, 'rejected'],
])('a snapshot that is %s is refused, and nothing is written', async (_title, snapshot, wrong) => {
  const target = pointer('a')
  await expect(publish(snapshot, [target])).rejects.toThrow(wrong)
  expect(target.writes).toEqual([])
})

test('where one pointer may not be written none is, unless it is right already', async () => {
  const open = pointer('a', 'snap-0')
  const refusal = new PrebakeError('Write b: 403.', { hint: 'Ask for it.' })
  await expect(publish(good, [open, pointer('b', 'snap-0', refusal)])).rejects.toBe(refusal)
  expect(open.writes).toEqual([])
  expect(await publish(good, [open, pointer('b', 'snap-1', refusal)])).toMatchObject({ changed: true })
  expect(open.writes).toEqual(['snap-1'])
})

test('two that may not be written are told together', async () => {
  const refused = (title: string) => pointer(title, undefined, new PrebakeError(`Write ${title}: no.`, { hint: `Mend ${title}.` }))
  await expect(publish(good, [refused('a'), refused('b')])).rejects.toMatchObject({
    message: 'Write a: no.\nWrite b: no.',
    hint: 'Mend a.\nMend b.',
  })
})

test('unverified can be allowed, rejected cannot', async () => {
  expect((await publish({ ...good, tags: {} }, [pointer('a')], true)).changed).toBe(true)
  await expect(publish({ ...good, tags: { 'prebake:rejected': 'x' } }, [pointer('a')], true)).rejects.toThrow('rejected')
})
