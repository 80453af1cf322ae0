import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { launchTestBuilder } from './launch-test-builder.ts'
import { eventually, patienceMs, unless, type Gaps, type World } from './world.ts'

const { signal } = new AbortController()

/** What every service behind `Snapshots` must do. */
export function describeSnapshots(title: string, open: () => Promise<World>, gaps: Gaps = {}): void {
  describe(`Snapshots on ${title}`, () => {
    let world: World
    let volumeId: string
    let instanceId: string
    // The account may be shared, and the suite may have run before.
    const run = randomUUID()
    beforeAll(async () => {
      world = await open()
      ;({ instanceId } = await launchTestBuilder(world))
      volumeId = await world.aws.builders.dataVolume(instanceId, signal)
    }, patienceMs)
    afterAll(async () => {
      await world.aws.builders.terminate(instanceId, signal)
      for (const { snapshotId } of await snapshots().find({ run }, signal)) await snapshots().delete(snapshotId, signal)
      await world.close()
    })
    const snapshots = () => world.aws.snapshots
    // Describe calls lag behind.
    const visible = (snapshotId: string) =>
      eventually(world, `${snapshotId} to be known`, async () => {
        const seen = await snapshots().get(snapshotId, signal)
        return seen ? { value: seen } : { state: 'unknown' }
      })

    test(
      'a snapshot lives: created, found, tagged, completed, deleted',
      async () => {
        const tags = { run, life: 'yes', empty: '' }
        const created = await snapshots().create(volumeId, 'a test', tags, signal)
        expect(created).toMatchObject({ volumeSizeGiB: 150, tags, stateMessage: undefined })
        expect(Math.abs(Date.now() - created.startedAt.getTime())).toBeLessThan(60_000 * world.rate)

        await visible(created.snapshotId)
        await snapshots().tag(created.snapshotId, { 'prebake.dev/verified': 'quick' }, signal)
        const done = await eventually(world, 'completion', async () => {
          const seen = await snapshots().get(created.snapshotId, signal)
          return seen?.state === 'completed' ? { value: seen } : { state: `${seen?.state ?? 'unknown'} ${seen?.progress ?? 0}` }
        })
        expect(done).toMatchObject({ progress: 100, tags: { ...tags, 'prebake.dev/verified': 'quick' } })
        expect(await snapshots().find({ ...tags, 'prebake.dev/verified': 'quick' }, signal)).toEqual([done])

        await snapshots().untag(created.snapshotId, ['prebake.dev/verified', 'never-there'], signal)
        await snapshots().untag(created.snapshotId, [], signal)
        expect(await snapshots().find({ run, life: 'yes' }, signal)).toEqual([{ ...done, tags }])

        await snapshots().delete(created.snapshotId, signal)
        expect(await snapshots().get(created.snapshotId, signal)).toBeUndefined()
        expect(await snapshots().find(tags, signal)).toEqual([])
        await snapshots().delete(created.snapshotId, signal)
      },
      patienceMs,
    )

    unless(gaps.pending)('a new snapshot is not complete yet', async () => {
      const created = await snapshots().create(volumeId, '', { run, pending: 'yes' }, signal)
      expect(created).toMatchObject({ state: 'pending', progress: 0 })
    })

    test('only those that carry all of the tags are found', async () => {
      const one = await snapshots().create(volumeId, '', { run, own: '1' }, signal)
      const two = await snapshots().create(volumeId, '', { run, own: '2' }, signal)
      await visible(one.snapshotId)
      await visible(two.snapshotId)
      const ids = async (tags: Record<string, string>) => (await snapshots().find(tags, signal)).map(({ snapshotId }) => snapshotId)
      expect(await ids({ run })).toEqual(expect.arrayContaining([one.snapshotId, two.snapshotId]))
      expect(await ids({ run, own: '2' })).toEqual([two.snapshotId])
      expect(await ids({ run, own: '3' })).toEqual([])
    })

    test('what does not exist is unknown, whatever its ID looks like', async () => {
      expect(await snapshots().get('snap-0fffffffffffffff0', signal)).toBeUndefined()
      expect(await snapshots().get('not-an-id', signal)).toBeUndefined()
      await snapshots().delete('snap-0fffffffffffffff0', signal)
      await expect(snapshots().create('vol-0fffffffffffffff0', '', { run: '1' }, signal)).rejects.toMatchObject({
        operation: 'CreateSnapshot',
        code: 'InvalidVolume.NotFound',
        requestId: expect.any(String),
      })
    })
  })
}
