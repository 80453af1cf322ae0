import { environmentRows, type BenchmarkReport } from '@prebake/startup'
import { html, type Html } from '../html.ts'

export function environmentSection(benchmark: BenchmarkReport): Html {
  const { names, columns } = environmentRows(benchmark)
  return html`<section aria-labelledby="environment-title">
    <h2 id="environment-title">Environment</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of conditions">
      <table>
        <thead>
          <tr>
            <th scope="col">Condition</th>
            <th scope="col">Candidate</th>
            ${columns.length > 1 ? html`<th scope="col">Baseline</th>` : undefined}
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${columns.map((column) => html`<td>${(column[name]?.words ?? []).join(', ')}${column[name]?.codes.map((text) => html`<code>${text}</code> `)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
