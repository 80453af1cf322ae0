import type { BakeRecord } from './bake-record.ts'
import { imageTags } from './image-tags.ts'
import { tagKeys } from './tag-keys.ts'
import { tagLimits, tagProblem } from './tag-limits.ts'

/**
 * The tags of a record; undefined fields get none. A model path that is too long for a tag is omitted, because it can be derived from model and commit.
 * @throws RangeError for any other value that EC2 would refuse
 */
export function writeRecord(record: BakeRecord): Record<string, string> {
  const { modelPath } = record
  const values: Readonly<Record<string, string | undefined>> = {
    [tagKeys.run]: record.run,
    [tagKeys.fingerprint]: record.fingerprint,
    [tagKeys.model]: record.model,
    [tagKeys.revision]: record.commit,
    [tagKeys.modelPath]: modelPath !== undefined && modelPath.length <= tagLimits.value ? modelPath : undefined,
    [tagKeys.architecture]: record.architecture,
    [tagKeys.bottlerocket]: record.bottlerocket,
    [tagKeys.kubernetes]: record.kubernetes,
    [tagKeys.containerd]: record.containerd,
    [tagKeys.verified]: record.verified,
    [tagKeys.rejected]: record.rejected,
    ...imageTags(record.images),
  }
  const tags = Object.entries(values).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]]))
  for (const [key, value] of tags) {
    const problem = tagProblem(key, value)
    if (problem !== undefined) throw new RangeError(`The tag \`${key}=${value}\` ${problem}.`)
  }
  return Object.fromEntries(tags)
}
