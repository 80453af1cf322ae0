import { expect, test } from '@jest/globals'
import { PrebakeError, type Reporter } from '@prebake/kernel'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { SnapshotRecord, Snapshots } from '../src/ports/snapshots.ts'
import { PartialPublication, publishSnapshot } from '../src/publish-snapshot.ts'

const good: SnapshotRecord = {
  snapshotId: 'snap-1',
  state: 'completed',
  stateMessage: undefined,
  progress: 100,
  volumeSizeGiB: 150,
  startedAt: new Date(0),
  tags: { 'prebake:verified': 'quick' },
}

/** A variable; a file where `outlivesRunner` says that it may not be there for the next run. */
function pointer(title: string, value?: string, refusal?: Error, outlivesRunner = true): SnapshotPointer & { writes: string[] } {
  const writes: string[] = []
  return {
    title,
    outlivesRunner,
    writes,
    read: async () => writes.at(-1) ?? value,
    probe: async () => {
      if (refusal !== undefined) throw refusal
    },
    write: async (next) => void writes.push(next),
  }
}

type Tagging = (id: string, tags: Readonly<Record<string, string>>) => void

function publish(
  snapshot: SnapshotRecord | undefined,
  pointers: readonly SnapshotPointer[],
  allowUnverified = false,
  tag: Tagging = () => undefined,
) {
  const snapshots = { get: async () => snapshot, tag: async (...given: Parameters<Tagging>) => tag(...given) } as unknown as Snapshots
  const quiet = { info: () => undefined, debug: () => undefined, warning: () => undefined } as unknown as Reporter
  return publishSnapshot({ snapshotId: 'snap-1', allowUnverified }, { snapshots, pointers, reporter: quiet }, new AbortController().signal)
}

test('writes what differs, leaves what is right, and hands on what was published before', async () => {
  const [stale, current, empty] = [pointer('a', 'snap-0'), pointer('b', 'snap-1'), pointer('c')]
  expect(await publish(good, [stale, current, empty])).toEqual({ snapshotId: 'snap-1', previousSnapshotId: 'snap-0', changed: true })
  expect([stale.writes, current.writes, empty.writes]).toEqual([['snap-1'], [], ['snap-1']])
})

test('the snapshot is tagged with the way back; a tag that is refused leaves the publication as it is', async () => {
  const tagged: unknown[] = []
  await publish(good, [pointer('a', 'snap-0')], false, (id, tags) => tagged.push([id, tags]))
  await publish(good, [pointer('a', 'snap-1')], false, (id, tags) => tagged.push([id, tags]))
  expect(tagged).toEqual([['snap-1', { 'prebake:previous': 'snap-0' }]])
  const refuse = () => {
    throw new PrebakeError('CreateTags: refused.', { code: 'aws-access-denied' })
  }
  expect(await publish(good, [pointer('a', 'snap-0')], false, refuse)).toMatchObject({ changed: true })
})

const variable = (value?: string) => pointer('variable', value)
const file = (value?: string) => pointer('file', value, undefined, false)

test.each<[string, readonly SnapshotPointer[], string | undefined, boolean]>([
  ['nothing was published', [variable(), file()], undefined, true],
  ['all say it already', [variable('snap-1'), file('snap-1')], undefined, false],
  ['only the variable says it: a fresh runner has no file', [variable('snap-1'), file()], undefined, false],
  ['only the file says it: a variable would still be there', [variable(), file('snap-1')], undefined, true],
  ['the variable says it, the file another', [variable('snap-1'), file('snap-0')], 'snap-0', true],
  ['the file says it, the variable another', [variable('snap-0'), file('snap-1')], 'snap-0', true],
  ['each says another', [variable('snap-0'), file('snap-00')], 'snap-0', true],
  ['there is no file, and nothing but a file', [file()], undefined, true],
  ['the only file says it', [file('snap-1')], undefined, false],
  ['there is no pointer', [], undefined, false],
])('what was published before, and whether that is a change: %s', async (_title, pointers, previousSnapshotId, changed) => {
  expect(await publish(good, pointers)).toEqual({ snapshotId: 'snap-1', previousSnapshotId, changed })
})

test('where a write fails after another, the rest stays, and the error has the way back', async () => {
  const failing = (title: string, value?: string): SnapshotPointer => ({
    ...pointer(title, value),
    write: () => Promise.reject(new PrebakeError('Write file: disk full.', { hint: 'Make room.' })),
  })
  const [first, second] = [pointer('variable A', 'snap-0'), pointer('variable B')]
  const error = await publish(good, [first, second, failing('file', 'snap-2')]).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PartialPublication)
  expect(error).toMatchObject({
    message: 'Publish snap-1: file could not be written; already written: variable A (before: snap-0) and variable B (before: not set).',
    hint: 'Make room. Re-run the job to write the rest. To go back instead, set variable A to snap-0 and delete variable B.',
    publication: { snapshotId: 'snap-1', previousSnapshotId: 'snap-0', changed: true },
    errorCode: 'publication-incomplete',
  })
  expect([first.writes, second.writes]).toEqual([['snap-1'], ['snap-1']])
  await expect(publish(good, [failing('file'), pointer('variable')])).rejects.toThrow('Write file: disk full.')
})

test.each<[string, SnapshotRecord | undefined, string]>([
  ['missing', undefined, 'snapshot-to-publish-missing'],
  ['pending', { ...good, state: 'pending', progress: 40 }, 'snapshot-not-completed'],
  ['unverified', { ...good, tags: {} }, 'snapshot-not-verified'],
  ['failed', { ...good, tags: { 'prebake:verified': 'failed' } }, 'snapshot-verification-failed'],
  ['rejected', { ...good, tags: { ...good.tags, 'prebake:rejected': 'rollout' } }, 'snapshot-rejected-by-rollout'],
])('a snapshot that is %s is refused, and nothing is written', async (_title, snapshot, errorCode) => {
  const target = pointer('a')
  await expect(publish(snapshot, [target])).rejects.toMatchObject({ errorCode })
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

test('two that may not be written are reported together', async () => {
  const refused = (title: string) => pointer(title, undefined, new PrebakeError(`Write ${title}: no.`, { hint: `Fix ${title}.` }))
  await expect(publish(good, [refused('a'), refused('b')])).rejects.toMatchObject({
    errorCode: 'pointers-not-writable',
    message: 'Write a: no.\nWrite b: no.',
    hint: 'Fix a.\nFix b.',
  })
})

test('what was never verified can be allowed; what failed its verification or was rejected cannot', async () => {
  expect((await publish({ ...good, tags: {} }, [pointer('a')], true)).changed).toBe(true)
  const refused = pointer('a')
  await expect(publish({ ...good, tags: { 'prebake:rejected': 'x' } }, [refused], true)).rejects.toMatchObject({
    errorCode: 'snapshot-rejected-by-rollout',
  })
  await expect(publish({ ...good, tags: { 'prebake:verified': 'failed' } }, [refused], true)).rejects.toMatchObject({
    errorCode: 'snapshot-verification-failed',
  })
  expect(refused.writes).toEqual([])
})
