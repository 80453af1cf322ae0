import {
  isMarked,
  meaningOf,
  phaseNoise,
  roundSeconds,
  runsOf,
  signed,
  summarizePhases,
  type BenchmarkReport,
  type PhaseComparison,
} from '@prebake/startup'
import { html, type Html } from '../html.ts'

/** Every phase: beside the baseline where there is one, else median and maximum. */
export function phaseSection(benchmark: BenchmarkReport): Html {
  const compared = benchmark.comparison?.phases ?? []
  return html`<section aria-labelledby="phases-title">
    <h2 id="phases-title">Phases</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of phases">
      ${compared.length > 0 ? comparedTable(compared) : ownTable(benchmark)}
    </div>
  </section>`
}

function comparedTable(compared: readonly PhaseComparison[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col" class="n">Now</th>
        <th scope="col" class="n">Baseline</th>
        <th scope="col" class="n">Difference</th>
        <th scope="col" class="n">Noise</th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      ${compared.map(
        (each) =>
          html`<tr${isMarked(each) ? html` class="marked"` : undefined}><th scope="row"><code>${each.phase}</code><span>${meaningOf(each.phase)}</span></th><td class="n">${roundSeconds(each.candidateSeconds)}</td><td class="n">${roundSeconds(each.baselineSeconds)}</td><td class="n">${signed(each.differenceSeconds)}</td><td class="n">${phaseNoise(each)}</td><td>${isMarked(each) ? each.verdict : '–'}</td></tr>`,
      )}
    </tbody>
  </table>`
}

function ownTable(benchmark: BenchmarkReport): Html {
  const summaries = summarizePhases(runsOf(benchmark, 'candidate').flatMap(({ pods }) => pods))
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col" class="n">Median</th>
        <th scope="col" class="n">Longest</th>
        <th scope="col" class="n">Pods</th>
      </tr>
    </thead>
    <tbody>
      ${summaries.map(
        ({ phase, medianSeconds, maxSeconds, pods }) =>
          html`<tr>
            <th scope="row"><code>${phase}</code><span>${meaningOf(phase)}</span></th>
            <td class="n">${roundSeconds(medianSeconds)}</td>
            <td class="n">${roundSeconds(maxSeconds)}</td>
            <td class="n">${pods}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
