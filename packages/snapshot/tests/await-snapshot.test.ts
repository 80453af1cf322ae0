import { expect, test } from '@jest/globals'
import type { Snapshots } from '../src/index.ts'
import { awaitSnapshot } from '../src/await-snapshot.ts'
import { silentReporter } from './builder/scripted-builder.ts'
import { signal, snapshot, steppingClock } from './memory-account.ts'

type Seen = readonly (ReturnType<typeof snapshot> | undefined)[]

/** @param seen what EC2 says at each poll; the last one stays. */
async function wait(...seen: Seen) {
  const clock = steppingClock()
  let polls = 0
  const snapshots = { get: async () => seen[Math.min(polls++, seen.length - 1)] } as unknown as Snapshots
  await awaitSnapshot('snap-1', { snapshots, clock, reporter: silentReporter }, signal)
  return { polls, minutes: clock.waitedMs() / 60_000 }
}
const pending = snapshot('snap-1', {}, 'pending')

test('a snapshot that is not listed yet is waited for', async () => {
  await expect(wait(undefined, undefined, pending, snapshot('snap-1'))).resolves.toMatchObject({ polls: 4 })
})

test.each<[string, Seen, string]>([
  ['EBS reports an error', [pending, snapshot('snap-1', {}, 'error')], 'snapshot-creation-failed'],
  ['it is in the Recycle Bin', [pending, snapshot('snap-1', {}, 'recoverable')], 'snapshot-creation-failed'],
  ['it is deleted meanwhile', [pending, undefined], 'snapshot-creation-failed'],
  ['it never completes', [pending], 'snapshot-creation-timeout'],
])('%s', async (_, seen, errorCode) => {
  await expect(wait(...seen)).rejects.toMatchObject({ errorCode })
})
