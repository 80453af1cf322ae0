import { fullRate, lanes } from './open-world.ts'
import { inShare } from './share.ts'

/** Runs the cases of this run's share a few at a time; results come in the order of the cases. */
export async function runCases<Case, Result>(all: readonly Case[], run: (one: Case) => Promise<Result>): Promise<Result[]> {
  const cases = inShare(all)
  const results: Result[] = []
  const waiting = [...cases.entries()]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await run(next[1])
      if (process.stderr.isTTY) process.stderr.write(`\r${cases.length - waiting.length} of ${cases.length} `)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  if (process.stderr.isTTY) process.stderr.write('\r')
  return results
}

/**
 * Runs a case; one that does not hold is run again, slower, twice at the most: on a machine that has too much to do, what a process computes counts as
 * many simulated seconds.
 */
export async function unlessSlower<Result extends { readonly wrong: readonly string[] }>(
  name: string,
  run: (rate: number) => Promise<Result>,
  rate = fullRate,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const result = await run(rate / 2 ** (tries - 1))
    if (result.wrong.length === 0) return result
    console.error(`${tries === 3 ? 'FAILED' : 'Run again, slower'}: ${name}: ${result.wrong.join('; ')}`)
    if (tries === 3) return result
  }
}
