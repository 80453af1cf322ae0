import type { BenchmarkReport, HistoryEntry } from '@prebake/startup'
import { html, type Html } from '../html.ts'

const size = { width: 720, height: 160, left: 44, right: 16, top: 16, bottom: 24 }

/** The default branch's runs as a line, with this one beside them; as a table below. Nothing without a history. */
export function historySection(benchmark: BenchmarkReport): Html {
  const { history, candidate } = benchmark
  const points = history.flatMap((entry) => {
    const seconds = candidate.metric === 'ready' ? entry.readySeconds : entry.firstTokenSeconds
    return seconds === undefined ? [] : [{ entry, seconds }]
  })
  if (points.length === 0) return html``
  const what = candidate.metric === 'ready' ? 'Ready' : 'the first token'
  return html`<section aria-labelledby="history-title">
    <h2 id="history-title">History of the default branch</h2>
    <p class="hint">Scale request to ${what}, mean of each run; the diamond is this run.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Plot of the runs">
      ${plot(
        points.map(({ seconds }) => seconds),
        candidate.meanSeconds,
      )}
    </div>
    <details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Runs of the default branch">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Commit</th>
              <th scope="col" class="n">Seconds</th>
            </tr>
          </thead>
          <tbody>
            ${points.map(row)}
          </tbody>
        </table>
      </div>
    </details>
  </section>`
}

function row({ entry, seconds }: { readonly entry: HistoryEntry; readonly seconds: number }): Html {
  return html`<tr>
    <th scope="row">${entry.at.slice(0, 16).replace('T', ' ')}</th>
    <td><code>${entry.sha?.slice(0, 7) ?? '–'}</code></td>
    <td class="n">${seconds.toFixed(1)}</td>
  </tr>`
}

function plot(values: readonly number[], now: number | null): Html {
  const all = now === null ? values : [...values, now]
  const top = Math.max(...all) * 1.1
  const x = (index: number) => size.left + (index * (size.width - size.left - size.right)) / Math.max(1, all.length - 1)
  const y = (value: number) => size.top + (1 - value / top) * (size.height - size.top - size.bottom)
  const last = all.length - 1
  const ticks = [0, top / 2, top]
  const label = `${values.length} runs from ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)} seconds${now === null ? '' : `; this run ${now.toFixed(0)} seconds`}`
  return html`<svg class="history" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
    ${ticks.map((tick) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" /><text x="${size.left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick.toFixed(0)}</text>`)}
    <polyline points="${values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}" />
    ${values.map((value, index) => html`<circle cx="${x(index).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3.5" />`)}
    ${now === null ? undefined : html`<path class="now" d="M${x(last).toFixed(1)} ${(y(now) - 7).toFixed(1)}l7 7-7 7-7-7z" />`}
  </svg>`
}
