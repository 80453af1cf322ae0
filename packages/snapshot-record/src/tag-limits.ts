/** What EC2 takes (EC2 user guide, "Tag restrictions"); any character is allowed. */
export const tagLimits = { perResource: 50, key: 128, value: 256 } as const

/** What EC2 would have against a tag, or undefined. */
export function tagProblem(key: string, value: string): string | undefined {
  if (key === '') return 'has no key'
  if (/^aws:/i.test(key)) return 'has a key that begins with `aws:`, which AWS keeps for itself'
  if (key.length > tagLimits.key) return `has a key of ${key.length} characters; EC2 takes ${tagLimits.key}`
  if (value.length > tagLimits.value) return `has a value of ${value.length} characters; EC2 takes ${tagLimits.value}`
  return undefined
}
