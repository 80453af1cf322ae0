const numbers = (version: string) => version.replace(/^v/, '').split('.').map(Number)

/** Whether the first release comes before the second, `1.9.0` before `1.57.0`; false if either is not a version. */
export function isOlder(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)]
  if ([...a, ...b].some(Number.isNaN)) return false
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The release in a program's version: `v2.3.1+bottlerocket` is `2.3.1`. A text without one stays unchanged. */
export function releaseNumber(version: string): string {
  return /\d+(?:\.\d+)+/.exec(version)?.[0] ?? version
}
