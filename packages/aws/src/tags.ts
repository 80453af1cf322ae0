import type { Filter, Tag } from '@aws-sdk/client-ec2'

type Tags = Readonly<Record<string, string>>

export function toTagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function fromTagList(list: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']))
}

/**
 * Filters for resources that carry all of these tags.
 * @throws TypeError without any tag: that would mean every resource of the account, also other people's.
 */
export function tagFilters(tags: Tags): Filter[] {
  const entries = Object.entries(tags)
  if (entries.length === 0) throw new TypeError('A search needs at least one tag.')
  // A filter's value is a pattern: * and ? are wildcards (EC2 user guide, "List and filter resources").
  return entries.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value.replace(/[\\*?]/g, String.raw`\$&`)] }))
}
