import { runsOf, type BenchmarkReport } from '@prebake/startup'
import { html, type Html } from '../html.ts'

/** The few figures that sum up a start. */
export function figures(benchmark: BenchmarkReport): Html {
  const { candidate, comparison, limit } = benchmark
  const what = candidate.metric === 'first-token' ? 'first token' : 'Ready'
  const own = ownStartSeconds(benchmark)
  const list = [
    {
      name: `Scale request to ${what}`,
      value: seconds(candidate.medianSeconds),
      note: `median of ${candidate.pods} ${candidate.pods === 1 ? 'pod' : 'pods'}`,
    },
    { name: 'Slowest pod', value: seconds(candidate.maxSeconds), note: `90th percentile ${seconds(candidate.p90Seconds)}` },
    ...(own === undefined ? [] : [{ name: 'Container start to first token', value: seconds(own), note: 'median' }]),
    ...(comparison === undefined
      ? []
      : [
          {
            name: 'Baseline',
            value: seconds(comparison.baselineSeconds),
            note: `mean of ${comparison.baselineRuns} ${comparison.baselineRuns === 1 ? 'run' : 'runs'}`,
          },
        ]),
    ...(limit === undefined
      ? []
      : [
          {
            name: 'What limits',
            value: limit.phase,
            note: `${seconds(limit.seconds)}, ${(100 * limit.share).toFixed(0)} % of the slowest start: ${limit.meaning}`,
          },
        ]),
  ]
  return html`<dl class="figures">
    ${list.map(
      ({ name, value, note }) =>
        html`<div>
          <dt>${name}</dt>
          <dd><strong>${value}</strong><span>${note}</span></dd>
        </div>`,
    )}
  </dl>`
}

function ownStartSeconds(benchmark: BenchmarkReport): number | undefined {
  const values = runsOf(benchmark, 'candidate')
    .flatMap(({ pods }) => pods.map(({ firstToken }) => firstToken))
    .flatMap((token) => (token !== undefined && 'afterScaleSeconds' in token ? (token.afterContainerStartSeconds ?? []) : []))
    .toSorted((a, b) => a - b)
  return values[Math.floor((values.length - 1) / 2)]
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(1)} s`
}
