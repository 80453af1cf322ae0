/**
 * Does the work for each item, for so many at a time, begun in their order.
 * @returns the results in the order of the items. @throws the first failure; what has not begun by then is left undone.
 */
export async function mapAbreast<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const rest = items.entries()
  let failed = false
  const take = async () => {
    for (const [index, item] of rest) {
      if (failed) return
      results[index] = await work(item)
    }
  }
  const fail = (error: unknown) => {
    failed = true
    throw error
  }
  await Promise.all(Array.from({ length: most }, () => take().catch(fail)))
  return results
}
