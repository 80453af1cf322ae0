import type { BenchmarkReport } from '../benchmark.ts'
import { plain, seconds, table } from '../markdown-table.ts'
import { isFarOff, type ComparedPrediction, type HeldPrediction, type PredictedSeconds, type Prediction } from '../prediction.ts'

/** The prediction in one line where it is off by much; empty where it is not. */
export function farOffLine({ prediction }: BenchmarkReport): string {
  if (prediction === undefined || 'notPredicted' in prediction || !isFarOff(prediction.all)) return ''
  const worst = furthestPhase(prediction)
  const phase =
    worst?.measured === undefined
      ? ''
      : ` Furthest off: ${worst.id}, ${seconds(worst.measured)} instead of ${seconds(worst.predicted.expected)}.`
  return `**Off the plan**: the last pod was Ready after ${seconds(prediction.all.measured)}; plan-startup expected ${range(prediction.all.predicted)} (${errorWords(prediction.all)}).${phase}`
}

/** Title and content of the folded section. */
export function predictionSection(prediction: Prediction): { readonly title: string; readonly content: string } {
  if ('notPredicted' in prediction)
    return { title: 'Predicted beside measured: no prediction', content: `Not predicted: ${plain(prediction.notPredicted)}.` }
  const { pod, all, phases, instanceType, setting } = prediction
  const row = (name: string, predicted: PredictedSeconds, measured: number | undefined, limit = '') => [
    name,
    seconds(predicted.expected),
    `${predicted.best.toFixed(1)}–${predicted.worst.toFixed(1)}`,
    measured === undefined ? 'not seen' : seconds(measured),
    measured === undefined ? '' : difference(measured - predicted.expected),
    limit,
  ]
  const rows = [
    row('**scale request → all Ready**', all.predicted, all.measured, errorWords(all)),
    row('**pod created → Ready**', pod.predicted, pod.measured, errorWords(pod)),
    ...phases.map(({ id, predicted, measured, limit }) => row(id, predicted, measured, plain(limit))),
  ]
  return {
    title: `Predicted beside measured: ${errorWords(all)}`,
    content: [
      `By plan-startup’s model, for ${plain(instanceType)}: ${plain(setting)}.`,
      table(['', 'predicted', 'range', 'measured', 'difference', ''], rows, 1),
      [...cpuWords(prediction), ...prediction.assumed.map(plain)].join(' '),
    ].join('\n\n'),
  }
}

/** What this host's CPU is against what the prediction took it for. */
export function cpuWords({ cpuFactor: { assumed, learned }, instanceType }: ComparedPrediction): readonly string[] {
  if (learned === undefined) return [`No phase shows this host’s CPU alone; its factor was taken as ${assumed.toFixed(1)}.`]
  return [
    `This host’s CPU factor, by its compilation and profiling: ${learned.toFixed(2)}, and ${assumed.toFixed(2)} was assumed for ${instanceType}. Give plan-startup \`cpu-factor: ${learned.toFixed(2)}\`.`,
  ]
}

export function furthestPhase({ phases }: ComparedPrediction): ComparedPrediction['phases'][number] | undefined {
  const off = ({ predicted, measured }: ComparedPrediction['phases'][number]) =>
    measured === undefined ? 0 : Math.abs(measured - predicted.expected)
  return phases.toSorted((a, b) => off(b) - off(a))[0]
}

/** `−12 %, within its range` */
export function errorWords({ error, predicted, measured }: HeldPrediction): string {
  const percent = `${error < 0 ? '−' : '+'}${Math.abs(error * 100).toFixed(0)} %`
  return `${percent}, ${measured < predicted.best || measured > predicted.worst ? 'outside' : 'within'} its range`
}

const difference = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} s`
const range = ({ best, expected, worst }: PredictedSeconds): string => `${seconds(expected)}, ${best.toFixed(0)} to ${worst.toFixed(0)} s`
