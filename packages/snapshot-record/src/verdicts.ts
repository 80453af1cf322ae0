import type { VerifiedLevel } from './bake-record.ts'
import { tagKeys } from './tag-keys.ts'

type Tags = Readonly<Record<string, string>>

/** Whether a second instance verified a snapshot at least as strictly as `level`. */
export function isVerified(tags: Tags, level: VerifiedLevel = 'quick'): boolean {
  const verified = tags[tagKeys.verified]
  return verified === 'full' || (verified === 'quick' && level === 'quick')
}

export function isRejected(tags: Tags): boolean {
  return tags[tagKeys.rejected] !== undefined
}
