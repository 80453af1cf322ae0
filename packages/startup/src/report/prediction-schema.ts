import * as v from 'valibot'

const seconds = v.pipe(v.number(), v.finite())
const text = v.pipe(v.string(), v.maxLength(2000))
const range = v.looseObject({ best: seconds, expected: seconds, worst: seconds })
const held = v.looseObject({
  predicted: range,
  measured: seconds,
  error: v.pipe(v.number(), v.description('Predicted less measured, as a share of the measured.')),
})

/** The planner's prediction beside the measurement, as a report has it. */
export const predictionSchema = v.union([
  v.looseObject({ notPredicted: v.pipe(text, v.description('Why there is no prediction.')) }),
  v.looseObject({
    setting: text,
    instanceType: text,
    pod: v.pipe(held, v.description('Pod created to Ready: the median of the pods.')),
    all: v.pipe(held, v.description('Scale request to the last pod Ready.')),
    phases: v.array(v.looseObject({ id: text, predicted: range, limit: text, measured: v.optional(seconds) })),
    cpuFactor: v.looseObject({
      assumed: seconds,
      learned: v.optional(
        v.pipe(seconds, v.description('From the CPU phases of this measurement: the input `cpu-factor` of plan-startup.')),
      ),
    }),
    assumed: v.array(text),
  }),
])
