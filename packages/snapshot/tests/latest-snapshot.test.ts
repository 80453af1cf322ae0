import { expect, test } from '@jest/globals'
import type { SnapshotRecord } from '../src/ports/snapshots.ts'
import { latestSnapshot, rejectSnapshot } from '../src/index.ts'

const { signal } = new AbortController()
const snapshot = (
  snapshotId: string,
  day: number,
  tags: Record<string, string>,
  state: SnapshotRecord['state'] = 'completed',
): SnapshotRecord => ({
  snapshotId,
  state,
  stateMessage: undefined,
  progress: 100,
  volumeSizeGiB: 150,
  startedAt: new Date(2026, 0, day),
  tags,
})
const all = [
  snapshot('snap-full', 1, { 'prebake:verified': 'full', team: 'a' }),
  snapshot('snap-quick', 2, { 'prebake:verified': 'quick', team: 'b' }),
  snapshot('snap-rejected', 3, { 'prebake:verified': 'quick', team: 'a', 'prebake:rejected': 'rollout 7' }),
  snapshot('snap-pending', 4, { 'prebake:verified': 'full', team: 'a' }, 'pending'),
  snapshot('snap-failed', 5, { 'prebake:verified': 'failed', team: 'a' }),
  snapshot('snap-other', 6, { team: 'a' }),
]
const snapshots = {
  find: (tags: Readonly<Record<string, string>>) =>
    Promise.resolve(all.filter((each) => Object.entries(tags).every(([key, value]) => each.tags[key] === value))),
}

test('the newest that is completed, verified and not rejected, with the tags that were asked for', async () => {
  expect((await latestSnapshot({}, { snapshots }, signal)).snapshotId).toBe('snap-quick')
  expect((await latestSnapshot({ team: 'a' }, { snapshots }, signal)).snapshotId).toBe('snap-full')
})

test('if there is none, the error names the tags', async () => {
  await expect(latestSnapshot({ team: 'c' }, { snapshots }, signal)).rejects.toMatchObject({
    problems: [{ code: 'latest-snapshot-missing', input: 'snapshot-id', wrong: expect.stringContaining('`team=c`') }],
  })
})

test('a rejected one says why, within what a tag can hold', async () => {
  const tagged: unknown[] = []
  const port = { tag: (id: string, tags: Readonly<Record<string, string>>) => Promise.resolve(void tagged.push(id, tags)) }
  await rejectSnapshot('snap-1', 'x'.repeat(300), { snapshots: port }, signal)
  expect(tagged).toEqual(['snap-1', { 'prebake:rejected': 'x'.repeat(256) }])
})
