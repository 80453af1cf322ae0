import { expect, test } from '@jest/globals'
import type { Gathered } from '../src/gather-references.ts'
import type { OwnSnapshot } from '../src/index.ts'
import { judgeSnapshots } from '../src/judge-snapshots.ts'
import { now, repository, snapshot } from './memory-resources.ts'

const none: Gathered = { references: new Map(), unread: [] }
const request = { keep: 1, olderThanMs: 14 * 86_400_000, repositories: [repository] }
const newest = snapshot('1', 1)
const old = snapshot('2', 60)

const reasonOf = (snapshots: readonly OwnSnapshot[], of: OwnSnapshot, gathered: Gathered) => {
  const verdict = judgeSnapshots(snapshots, gathered, [], request, now).find((each) => each.snapshot === of)
  return Object.values(verdict?.outcome ?? {})[0]
}
const namedBy = (by: string, makesVolumes = true): Gathered => ({
  references: new Map([[old.snapshotId, [{ snapshotId: old.snapshotId, by, makesVolumes }]]]),
  unread: [],
})

const rejected = snapshot('3', 1, { 'prebake:rejected': 'crash' })
const unverified = snapshot('4', 1, { 'prebake:verified': '' })
const failed = snapshot('5', 60, { 'prebake:verified': 'failed' })
const half = snapshot('6', 60, {}, { state: 'error' })
const elsewhere = snapshot('7', 60, { 'prebake:run': '1-1-x@other/repo' })
const local = snapshot('8', 60, { 'prebake:run': 'local-1-x' })
const { 'prebake:fingerprint': _, ...withoutFingerprint } = old.tags
const foreign = { ...old, tags: withoutFingerprint }

const cases: readonly (readonly [title: string, reason: string, all: readonly OwnSnapshot[], one: OwnSnapshot, gathered?: Gathered])[] = [
  ['a newer one is there', 'superseded', [newest, old], old],
  ['it is the only one', 'newest', [old], old],
  ['the newer one was rejected', 'newest', [rejected, old], old],
  ['the newer one is not verified', 'newest', [unverified, old], old],
  ['the newer one is of another model', 'newest', [snapshot('1', 1, { 'prebake:model': 'b/other' }), old], old],
  ['the newer one is for other processors', 'newest', [snapshot('1', 1, { 'prebake:architecture': 'arm64' }), old], old],
  ['it is young', 'young', [newest, snapshot('2', 13)], snapshot('2', 13)],
  ['something names it', 'named', [newest, old], old, namedBy('launch template lt-1, version 3')],
  ['only a live volume names it', 'named', [newest, old], old, namedBy('volume vol-1', false)],
  [
    'a place could not be read',
    'unread',
    [newest, old],
    old,
    { references: new Map(), unread: [{ title: 'images', reason: '', hint: '' }] },
  ],
  ['it is the way back from the newest', 'previous', [snapshot('1', 1, { 'prebake:previous': old.snapshotId }), old], old],
  ['another repository built it', 'other-repository', [newest, elsewhere], elsewhere],
  ['it was built outside of GitHub', 'superseded', [newest, local], local],
  ['it is not of a build', 'not-prebake', [newest, foreign], foreign],
  ['a rollout rejected it', 'young', [newest, rejected], rejected],
  ['it failed its verification', 'verification-failed', [newest, failed], failed],
  ['it is half made, and old', 'half-made', [newest, half], half],
  [
    'it is half made, and its run may be alive',
    'being-made',
    [newest, snapshot('9', 0.5, {}, { state: 'pending' })],
    snapshot('9', 0.5, {}, { state: 'pending' }),
  ],
]
test.each(cases.map(([title, reason, all, one, gathered = none]) => [title, reason, all, one, gathered] as const))(
  '%s: %s',
  (_title, reason, all, one, gathered) => {
    expect(reasonOf(all, all.find(({ snapshotId }) => snapshotId === one.snapshotId) ?? one, gathered)).toBe(reason)
  },
)

test('a chain of former publications keeps one step, not all of them', () => {
  const chain = [1, 30, 60, 90].map((days, index) =>
    snapshot(`a${index}`, days, { 'prebake:previous': `snap-${`a${index + 1}`.padStart(17, '0')}` }),
  )
  const outcomes = judgeSnapshots(chain, none, [], request, now).map(({ outcome }) => Object.values(outcome)[0])
  expect(outcomes).toEqual(['newest', 'previous', 'superseded', 'superseded'])
})

test('Fast Snapshot Restore stays on for the newest and for what makes volumes, and goes off for the others that stay', () => {
  const young = snapshot('7', 3)
  const restores = [newest, young, old].map(({ snapshotId }) => ({ snapshotId, zone: 'us-west-2a' }))
  const off = (gathered: Gathered) =>
    judgeSnapshots([newest, young, old], gathered, restores, request, now).flatMap(({ snapshot: { snapshotId }, restoresToDisable }) =>
      restoresToDisable.map((zone) => `${snapshotId} ${zone}`),
    )
  // The old one is deleted, and its restores end with it.
  expect(off(none)).toEqual([`${young.snapshotId} us-west-2a`])
  expect(off(namedBy('NodeClass vllm'))).toEqual([`${young.snapshotId} us-west-2a`])
  expect(off(namedBy('volume vol-1', false))).toEqual([`${young.snapshotId} us-west-2a`, `${old.snapshotId} us-west-2a`])
  expect(off({ references: new Map(), unread: [{ title: 'images', reason: '', hint: '' }] })).toEqual([])
})
