import { listAt, textAt } from '@prebake/manifests'
import type { Located } from './located.ts'

/** `bottlerocket` and `v1.57.0` of the alias that selects the machine image, if one does (Karpenter allows no other term beside an alias). */
export function aliasOf({ object }: Pick<Located, 'object'>): { readonly family: string; readonly version: string } | undefined {
  const alias = listAt(object, 'spec.amiSelectorTerms').map((term) => textAt(term, 'alias'))[0]
  const [family, version] = alias?.split('@') ?? []
  return family === undefined || version === undefined ? undefined : { family: family.toLowerCase(), version }
}

/** The snapshotter that Bottlerocket's settings choose; undefined where they leave the default. */
export function snapshotterOf({ object }: Pick<Located, 'object'>): string | undefined {
  const lines = (textAt(object, 'spec.userData') ?? '').split('\n').filter((line) => !/^\s*#/.test(line))
  return /(?:^|[.{,\s])snapshotter\s*=\s*["']([^"']+)["']/.exec(lines.join('\n'))?.[1]
}

const numbers = (version: string) => version.replace(/^v/, '').split('.').map(Number)

/** Whether the first release comes before the second, `1.9.0` before `1.57.0`; false where one of the two is not a version. */
export function isOlder(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)]
  if ([...a, ...b].some(Number.isNaN)) return false
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
