/** EC2's limits (EC2 user guide, "Tag restrictions"); any character is allowed. */
export const tagLimits = { perResource: 50, key: 128, value: 256 } as const

/** Why EC2 would refuse a tag, or undefined. */
export function tagProblem(key: string, value: string): string | undefined {
  if (key === '') return 'has no key'
  if (/^aws:/i.test(key)) return 'has a key with the prefix `aws:`, which AWS reserves'
  if (key.length > tagLimits.key) return `has a key of ${key.length} characters; EC2 allows ${tagLimits.key}`
  if (value.length > tagLimits.value) return `has a value of ${value.length} characters; EC2 allows ${tagLimits.value}`
  return undefined
}
