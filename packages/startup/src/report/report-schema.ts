import * as v from 'valibot'

const seconds = v.pipe(v.number(), v.finite())
const secondsOrNull = v.nullable(seconds)
const text = v.pipe(v.string(), v.maxLength(2000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const row = v.looseObject({
  phase: text,
  startMs: v.number(),
  endMs: v.number(),
  seconds,
  clock: text,
  source: text,
  precisionMs: v.number(),
})

const firstToken = v.union([
  v.looseObject({
    coldSeconds: seconds,
    warmSeconds: seconds,
    afterScaleSeconds: seconds,
    afterContainerStartSeconds: v.optional(seconds),
    model: text,
  }),
  v.looseObject({ notMeasured: text }),
])

const run = v.looseObject({
  arm: v.picklist(['candidate', 'baseline']),
  number: count,
  mode: v.picklist(['isolated', 'in-place']),
  nodes: v.picklist(['cold', 'warm', 'mixed']),
  nodesMade: text,
  disturbed: v.optional(text),
})

const timeline = v.looseObject({
  pod: text,
  node: v.optional(text),
  instanceType: v.optional(text),
  zone: v.optional(text),
  capacityType: v.optional(text),
  newNode: v.boolean(),
  cacheHit: v.optional(v.boolean()),
  compileCache: v.optional(v.picklist(['hit', 'miss'])),
  compileMisses: v.optional(v.array(text)),
  weightsGiB: v.optional(seconds),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  rows: v.array(row),
  wallSeconds: seconds,
  ready: v.boolean(),
  readyAfterSeconds: v.optional(seconds),
  startupSeconds: v.optional(seconds),
  lastPhase: text,
  lastSeen: v.optional(text),
  firstToken: v.optional(firstToken),
  dropped: v.array(v.looseObject({ mark: text, at: text, source: text })),
})

/** One run's JSON as far as anything reads it (`Report`). A field that is not named here may be there. */
export const reportSchema = v.looseObject({
  schema: v.literal(1),
  simulated: v.boolean(),
  scaledAt: v.pipe(v.string(), v.isoTimestamp()),
  environment: v.looseObject({
    deployment: text,
    namespace: text,
    from: count,
    to: count,
    image: text,
    model: v.optional(text),
    vllmVersion: v.optional(text),
    instanceTypes: v.array(text),
    snapshotId: v.optional(text),
    volume: v.optional(
      v.looseObject({
        fromSnapshot: v.boolean(),
        iops: v.optional(count),
        throughputMiBps: v.optional(seconds),
        initializationRateMiBps: v.optional(seconds),
      }),
    ),
    seed: v.optional(text),
  }),
  firstReadySeconds: secondsOrNull,
  allReadySeconds: secondsOrNull,
  podStartupSeconds: secondsOrNull,
  firstTokenSeconds: v.optional(secondsOrNull),
  clockSkews: v.optional(v.array(v.looseObject({ clock: text, seconds, uncertaintySeconds: seconds }))),
  run: v.optional(run),
  phases: v.array(v.looseObject({ phase: text, pods: count, medianSeconds: seconds, maxSeconds: seconds })),
  pods: v.array(timeline),
})
