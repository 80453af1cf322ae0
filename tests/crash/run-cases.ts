import { lanes } from './open-world.ts'

/** Runs the cases a few at a time; results come in the order of the cases. */
export async function runCases<Case, Result>(cases: readonly Case[], run: (one: Case) => Promise<Result>): Promise<Result[]> {
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
