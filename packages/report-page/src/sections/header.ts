import { roundSeconds, runsOf, type BenchmarkReport } from '@prebake/startup'
import { html, type Html } from '../html.ts'

const looks = {
  faster: { sign: '▼', name: 'Faster' },
  slower: { sign: '▲', name: 'Slower' },
  same: { sign: '=', name: 'The same' },
  inconclusive: { sign: '?', name: 'Inconclusive' },
  none: { sign: '·', name: 'Nothing to compare with' },
  failed: { sign: '!', name: 'Not all pods became Ready' },
} as const

/** What was measured, and the verdict with its noise. */
export function header(benchmark: BenchmarkReport, title: string): Html {
  const runs = runsOf(benchmark, 'candidate')
  const failed = runs.some(({ allReadySeconds }) => allReadySeconds === null)
  const kind = failed ? 'failed' : (benchmark.comparison?.verdict ?? 'none')
  const { sign, name } = looks[kind]
  return html`<header>
    <p class="eyebrow">${title} · ${benchmark.createdAt.slice(0, 16).replace('T', ' ')} UTC${benchmark.simulated ? ' · simulated' : ''}</p>
    <h1 class="verdict v-${kind}">
      <span class="sign" aria-hidden="true">${sign}</span> <span>${headline(benchmark, name, failed)}</span>
    </h1>
    ${noiseLine(benchmark)} ${caveats(benchmark)}
  </header>`
}

function headline({ comparison, candidate }: BenchmarkReport, name: string, failed: boolean): Html {
  if (!failed && comparison === undefined && candidate.medianSeconds !== null)
    return html`${candidate.metric === 'ready' ? 'Ready' : 'First token'} after ${roundSeconds(candidate.medianSeconds)}`
  if (failed || comparison === undefined || !['faster', 'slower'].includes(comparison.verdict)) return html`${name}`
  const noise = comparison.noiseSeconds === undefined ? '' : ` ± ${roundSeconds(comparison.noiseSeconds)}`
  return html`${roundSeconds(Math.abs(comparison.differenceSeconds))} ${comparison.verdict}<span class="noise">${noise}</span>`
}

const sources = {
  'same job': 'a baseline that was measured in turn with it',
  'default branch': 'the default branch’s runs',
  file: 'a given report',
} as const

function noiseLine({ comparison, thresholdShare }: BenchmarkReport): Html {
  if (comparison === undefined) return html``
  const { against, because, beyondNoise, differenceSeconds, noiseSeconds, noiseOf, aaSeconds } = comparison
  const parts = [
    `Compared with ${sources[against]}`,
    because,
    ...(because !== undefined || beyondNoise === undefined
      ? []
      : [`beyond noise in ${beyondNoise.count} of ${beyondNoise.of} ${noiseOf === 'runs' ? 'runs' : 'pods'}`]),
    ...(noiseSeconds === undefined
      ? []
      : [
          `difference ${differenceSeconds < 0 ? '−' : '+'}${roundSeconds(Math.abs(differenceSeconds))}, noise ± ${roundSeconds(noiseSeconds)} at 99 %`,
        ]),
    ...(aaSeconds === undefined ? [] : [`the same against the same differed by ${roundSeconds(aaSeconds)}`]),
    `threshold ${(thresholdShare * 100).toFixed(0)} %`,
  ]
  return html`<p class="against">${parts.filter((part) => part !== undefined).join(' · ')}</p>`
}

function caveats({ caveats: all, simulated }: BenchmarkReport): Html {
  const notes = [...(simulated ? ['The seconds are played by a simulator, not measured on AWS.'] : []), ...all]
  return notes.length === 0
    ? html``
    : html`<ul class="caveats">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
}
