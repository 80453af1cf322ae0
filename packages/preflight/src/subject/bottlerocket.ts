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
