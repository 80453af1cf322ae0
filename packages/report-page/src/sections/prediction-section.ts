import { cpuWords, errorWords, roundSeconds, signed, type BenchmarkReport, type ComparedPrediction } from '@prebake/startup'
import { html, type Html } from '../html.ts'

type Predicted = ComparedPrediction['pod']['predicted']

/** What plan-startup's model says of the start, beside what was measured; or why it says nothing. Nothing in reports of releases that did not ask it. */
export function predictionSection({ prediction }: BenchmarkReport): Html {
  if (prediction === undefined) return html``
  return html`<section aria-labelledby="prediction-title">
    <h2 id="prediction-title">Predicted beside measured</h2>
    ${'notPredicted' in prediction ? html`<p class="hint">Not predicted: ${prediction.notPredicted}.</p>` : compared(prediction)}
  </section>`
}

function compared(prediction: ComparedPrediction): Html {
  const { pod, all, phases, instanceType, setting, assumed } = prediction
  return html`<p class="hint">By plan-startup’s model, for ${instanceType}: ${setting}.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of predicted and measured seconds">
      <table>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="n">Predicted</th>
            <th scope="col" class="n">Range</th>
            <th scope="col" class="n">Measured</th>
            <th scope="col" class="n">Difference</th>
            <th scope="col">Limit or error</th>
          </tr>
        </thead>
        <tbody>
          ${row('Scale request to all Ready', all.predicted, all.measured, errorWords(all))}
          ${row('Pod created to Ready', pod.predicted, pod.measured, errorWords(pod))}
          ${phases.map(({ id, predicted, measured, limit }) => row(id, predicted, measured, limit))}
        </tbody>
      </table>
    </div>
    <p class="hint">${[...cpuWords(prediction).map((line) => line.replaceAll('`', '')), ...assumed].join(' ')}</p>`
}

function row(name: string, { best, expected, worst }: Predicted, measured: number | undefined, last: string): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="n">${roundSeconds(expected)}</td>
    <td class="n">${best.toFixed(1)}–${worst.toFixed(1)} s</td>
    <td class="n">${measured === undefined ? 'not seen' : roundSeconds(measured)}</td>
    <td class="n">${measured === undefined ? '–' : signed(measured - expected)}</td>
    <td>${last}</td>
  </tr>`
}
