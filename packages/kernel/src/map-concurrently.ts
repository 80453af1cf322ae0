/**
 * Runs `work` for each item, at most `concurrency` at a time, started in order.
 * @returns the results in the order of the items. @throws the first failure; items that were not started by then are skipped
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const rest = items.entries()
  let failed = false
  const worker = async () => {
    for (const [index, item] of rest) {
      if (failed) return
      results[index] = await work(item)
    }
  }
  const fail = (error: unknown) => {
    failed = true
    throw error
  }
  await Promise.all(Array.from({ length: concurrency }, () => worker().catch(fail)))
  return results
}
