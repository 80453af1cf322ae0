import * as v from 'valibot'

const seconds = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e6))
const short = v.pipe(v.string(), v.maxLength(300))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** One run of the default branch (`HistoryEntry`). Strict, because what is not known here is not of this release. */
export const historyEntrySchema = v.strictObject({
  at: v.pipe(v.string(), v.isoTimestamp()),
  sha: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/))),
  runUrl: v.optional(short),
  conditions: v.strictObject({
    simulated: v.boolean(),
    newPods: count,
    instanceTypes: v.pipe(v.array(short), v.maxLength(100)),
    nodes: v.picklist(['cold', 'warm', 'mixed']),
    newNodes: count,
  }),
  readySeconds: seconds,
  firstTokenSeconds: v.optional(seconds),
  phaseSeconds: v.record(short, seconds),
})

/** Increased with every change that makes older releases misread it. */
export const historySchemaVersion = 1

export const historySchema = v.strictObject({
  schema: v.literal(historySchemaVersion),
  entries: v.pipe(v.array(historyEntrySchema), v.maxLength(1000)),
})
