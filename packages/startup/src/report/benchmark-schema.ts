import * as v from 'valibot'
import { historyEntrySchema } from '../compare/history-schema.ts'
import { predictionSchema } from './prediction-schema.ts'
import { reportSchema } from './report-schema.ts'

const seconds = v.pipe(v.number(), v.finite())
const secondsOrNull = v.nullable(seconds)
const text = v.pipe(v.string(), v.maxLength(2000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const metric = v.picklist(['first-token', 'ready'])

const judgement = {
  verdict: v.pipe(
    v.picklist(['faster', 'slower', 'same', 'inconclusive']),
    v.description('faster and slower lie beyond the threshold and beyond noise; same lies within the threshold with all its noise.'),
  ),
  because: v.optional(v.pipe(text, v.description('Why there is no verdict.'))),
  candidateSeconds: v.pipe(v.nullable(v.number()), v.description('Mean.')),
  baselineSeconds: v.pipe(v.nullable(v.number()), v.description('Mean.')),
  differenceSeconds: v.pipe(v.nullable(v.number()), v.description('Candidate less baseline: negative is faster.')),
  noiseSeconds: v.optional(
    v.pipe(seconds, v.description('Half of the interval that holds the difference of two measurements of the same thing, at 99 %.')),
  ),
  noiseOf: v.optional(v.pipe(v.picklist(['pods', 'runs']), v.description('What counts as one value.'))),
  thresholdSeconds: v.nullable(v.number()),
  beyondNoise: v.optional(
    v.pipe(
      v.looseObject({ count, of: count }),
      v.description('Values of the candidate beyond what one further value of the baseline would be.'),
    ),
  ),
}

const headline = v.looseObject({
  metric: v.pipe(
    metric,
    v.description('Seconds count from the scale request to the first token, or to Ready where not every pod’s first token was measured.'),
  ),
  pods: count,
  meanSeconds: secondsOrNull,
  medianSeconds: secondsOrNull,
  maxSeconds: secondsOrNull,
  p90Seconds: v.pipe(secondsOrNull, v.description('By nearest rank: of few pods, the slowest.')),
})

const comparison = v.looseObject({
  ...judgement,
  against: v.picklist(['same job', 'default branch', 'file']),
  metric,
  baselineRuns: count,
  differences: v.pipe(
    v.array(v.looseObject({ field: text, candidate: text, baseline: text })),
    v.description('Conditions that differ: then nothing was compared.'),
  ),
  aaSeconds: v.optional(v.pipe(seconds, v.description('Difference between the halves of one arm, the larger of both arms.'))),
  phases: v.array(v.looseObject({ phase: text, ...judgement })),
})

/** A benchmark's JSON, which docs/report.schema.json describes for others. A later run reads its runs. */
export const benchmarkSchema = v.looseObject({
  schema: v.pipe(
    v.literal(2),
    v.description('Increased with every change that makes older readers misread it. New fields may come without.'),
  ),
  simulated: v.pipe(v.boolean(), v.description('Whether a simulation’s clock gave the seconds.')),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  thresholdShare: v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(1),
    v.description('From which share of the baseline’s seconds on a difference matters.'),
  ),
  candidate: headline,
  comparison: v.optional(v.pipe(comparison, v.description('Left out where nothing was there to compare with.'))),
  limit: v.optional(
    v.pipe(
      v.looseObject({
        phase: text,
        meaning: text,
        cause: v.optional(text),
        next: v.optional(text),
        pod: text,
        seconds,
        share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      }),
      v.description('The phase that takes most of the slowest start.'),
    ),
  ),
  prediction: v.optional(
    v.pipe(predictionSchema, v.description('What plan-startup’s model says of the candidate, beside what was measured.')),
  ),
  history: v.pipe(v.array(historyEntrySchema), v.description('Runs of the default branch, the oldest first.')),
  caveats: v.pipe(v.array(text), v.description('What makes the figures worth less.')),
  runs: v.pipe(
    v.array(reportSchema),
    v.minLength(1),
    v.maxLength(1000),
    v.description('Every scale-up, in the order of the measurements.'),
  ),
})
