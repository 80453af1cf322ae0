import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { pruneSnapshots } from '../src/index.ts'
import { daysAgo, memoryResources, now, repository, silent, snapshot, source } from './memory-resources.ts'

const { signal } = new AbortController()
const ids = Array.from({ length: 12 }, (_, index) => snapshot(index.toString(16), 0).snapshotId)
const anyId = fc.constantFrom(...ids)

const snapshotOf = (index: number) =>
  fc
    .record({
      hours: fc.integer({ min: 0, max: 90 * 24 }),
      state: fc.constantFrom('completed', 'completed', 'completed', 'pending', 'error'),
      model: fc.constantFrom('a/one', 'a/one', 'a/one', 'b/two'),
      architecture: fc.constantFrom('x86_64', 'x86_64', 'x86_64', 'arm64'),
      verified: fc.constantFrom('quick', 'full', 'failed', ''),
      rejected: fc.boolean(),
      run: fc.constantFrom(`1-1-x@${repository}`, `1-1-x@${repository}`, `2-1-x@${repository}`, 'local-1-x', '1-1-x@other/repo', undefined),
      fingerprint: fc.constantFrom('f', 'f', 'f', undefined),
      previous: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyId }),
    })
    .map(({ hours, state, model, architecture, verified, rejected, run, fingerprint, previous }) => {
      const tags = {
        'prebake:model': model,
        'prebake:architecture': architecture,
        'prebake:verified': verified,
        'prebake:run': run,
        'prebake:fingerprint': fingerprint,
        'prebake:rejected': rejected ? 'crash' : undefined,
        'prebake:previous': previous,
      }
      const one = snapshot(index.toString(16), hours / 24, {}, { state: state as 'completed' })
      const given = Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
      return { ...one, tags: Object.fromEntries(given) as Record<string, string> }
    })

const account = fc
  .record({
    snapshots: fc
      .integer({ min: 0, max: ids.length })
      .chain((count) => fc.tuple(...ids.slice(0, count).map((_, index) => snapshotOf(index)))),
    /** Each place has what it names, and may refuse to be read. */
    sources: fc.array(fc.record({ names: fc.uniqueArray(anyId, { maxLength: 2 }), readable: fc.boolean(), makesVolumes: fc.boolean() }), {
      maxLength: 7,
    }),
    allReadable: fc.constantFrom(true, true, true, false),
    restores: fc.uniqueArray(anyId, { maxLength: 6 }),
    keep: fc.integer({ min: 1, max: 3 }),
    olderThanDays: fc.integer({ min: 1, max: 30 }),
    dryRun: fc.constantFrom(false, false, false, true),
    ends: fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 3 }),
  })
  .map((given) => ({ ...given, sources: given.sources.map((each) => ({ ...each, readable: given.allReadable || each.readable })) }))

test('over 1,000 random accounts nothing that is referenced, young, foreign or among the newest is ever deleted', async () => {
  let deletions = 0
  await fc.assert(
    fc.asyncProperty(account, async ({ snapshots, sources, restores, keep, olderThanDays, dryRun, ends }) => {
      const builders = ends.map((days, index) => ({
        instanceId: `i-${index}`,
        tags: { 'prebake:run': 'r', 'prebake:purpose': 'bake', 'prebake:ends': daysAgo(days).toISOString() },
      }))
      const { own, changes } = memoryResources({
        snapshots,
        builders,
        restores: restores.map((snapshotId) => ({ snapshotId, zone: 'a' })),
      })
      const places = sources.map(({ names, readable, makesVolumes }, index) =>
        source(`place ${index}`, readable ? names : undefined, makesVolumes),
      )
      const request = { keep, olderThanMs: olderThanDays * 86_400_000, repositories: [repository], dryRun }
      await pruneSnapshots(request, { own, sources: places, clock: { now: () => now }, reporter: silent }, signal)

      const after = (verb: string) => changes.flatMap((change) => (change.startsWith(`${verb} `) ? (change.split(' ')[1] ?? []) : []))
      const deleted = after('delete')
      deletions += deleted.length
      const named = new Set(sources.flatMap(({ names }) => names))
      const stays = snapshots.filter(({ snapshotId }) => !deleted.includes(snapshotId))
      expect(deleted.filter((id) => named.has(id))).toEqual([])
      // The oracle for the way back: one step from what stays for another reason than being a way back itself.
      const usable = snapshots.filter(
        ({ state, tags }) => state === 'completed' && tags['prebake:verified'] !== 'failed' && !tags['prebake:rejected'],
      )
      for (const id of deleted) {
        const one = snapshots.find(({ snapshotId }) => snapshotId === id)!
        expect(one.tags['prebake:run'] === 'local-1-x' || one.tags['prebake:run']?.endsWith(`@${repository}`)).toBe(true)
        expect(one.tags['prebake:fingerprint']).toBeDefined()
        const least = one.state === 'completed' ? olderThanDays : 1
        expect(one.startedAt.getTime()).toBeLessThanOrEqual(daysAgo(least).getTime())
        const better = stays.filter(
          (other) =>
            usable.includes(other) &&
            other.tags['prebake:model'] === one.tags['prebake:model'] &&
            other.tags['prebake:architecture'] === one.tags['prebake:architecture'],
        )
        expect(usable.includes(one) ? better.length : keep).toBeGreaterThanOrEqual(keep)
        const current = stays.filter((other) => named.has(other.snapshotId) || other.startedAt > daysAgo(olderThanDays))
        expect(current.filter(({ tags }) => tags['prebake:previous'] === id)).toEqual([])
      }
      const isBlocked = dryRun || sources.some(({ readable }) => !readable)
      expect(isBlocked ? [...deleted, ...after('restore')] : []).toEqual([])
      for (const id of after('restore')) expect(sources.some(({ names, makesVolumes }) => makesVolumes && names.includes(id))).toBe(false)
      expect(after('terminate')).toEqual(
        builders.filter(({ tags }) => tags['prebake:ends'] < now.toISOString()).map(({ instanceId }) => instanceId),
      )
    }),
    { numRuns: 1000 },
  )
  // A property that no account puts to the test proves nothing.
  expect(deletions).toBeGreaterThan(500)
})
