import { availableParallelism, loadavg } from 'node:os'
import { messageOf } from '@prebake/kernel'
import { inShare } from '../share.ts'
import { openRolloutWorld, type RolloutWorld } from './rollout-world.ts'

/**
 * Simulated seconds per real second. No script runs on a machine here, and a rollout waits for half an hour at the most, so that time may fly faster than in
 * a build; but a process that gets a tenth of a core takes ten times as long to start.
 */
export const rolloutRate = Math.max(8, 100 / Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()))
const lanes = 5
const tries = 3

/**
 * Runs the cases of this run's share, a few at a time, each lane in a world of its own that its cases take as the one before has left it. A case that does not hold is run again
 * in a new world, slower, twice at the most: on a machine that has too much to do, what a process computes counts as many simulated seconds.
 */
export async function inWorlds<Case, Result extends { readonly wrong: readonly string[] }>(
  all: readonly Case[],
  nameOf: (one: Case) => string,
  run: (world: RolloutWorld, one: Case) => Promise<Result>,
): Promise<readonly Result[]> {
  const cases = inShare(all)
  const results: Result[] = []
  const waiting = [...cases.entries()]
  const lane = async () => {
    let world: RolloutWorld | undefined
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, one] = next
      for (let attempt = 1; attempt <= tries; attempt++) {
        world ??= await open(rolloutRate / 2 ** (attempt - 1))
        const result = await run(world, one)
        results[index] = result
        if (result.wrong.length === 0 && attempt === 1) break
        await world.close()
        world = undefined
        if (result.wrong.length === 0) break
        console.error(`${attempt === tries ? 'FAILED' : 'Run again, slower'}: ${nameOf(one)}: ${result.wrong.join('; ')}`)
      }
    }
    await world?.close()
  }
  await Promise.all(Array.from({ length: Math.min(lanes, cases.length) }, lane))
  return results
}

/** On a machine that has too much to do, a world may not even open in time. */
async function open(rate: number): Promise<RolloutWorld> {
  try {
    return await openRolloutWorld(rate)
  } catch (error) {
    console.error(`Opened again, slower: ${messageOf(error)}`)
    return openRolloutWorld(rate / 2)
  }
}
