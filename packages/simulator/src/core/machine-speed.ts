/** What `work` takes on the machine that the tests' rates were chosen on, two cores of 2026, in milliseconds. */
const usualMs = 2.4

/**
 * How many times as long as usual this machine's processor takes for the same work, between 1 and 4: the best of several tries, so that
 * what other programs take in between does not count.
 */
export function measureSlowness(): number {
  const tries = Array.from({ length: 6 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(4, Math.max(1, Math.min(...tries) / usualMs))
}

function work(): number {
  let sum = 0
  for (let round = 0; round < 1_000_000; round++) sum = (sum + (round % 7)) | 0
  return sum
}
