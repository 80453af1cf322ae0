import { phaseGroups, phases, unattributed, groupOf, type BenchmarkReport } from '@prebake/startup'
import { html, Html } from '../html.ts'

/** The frame of the waterfall; the page's script draws it from the data. @param shown how many pods are in the page */
export function waterfallSection({ runs }: BenchmarkReport, shown: number): Html {
  const all = runs.reduce((sum, { pods }) => sum + pods.length, 0)
  const views = [
    ['all', 'All pods'],
    ['first', 'First pod'],
    ['critical', 'Critical path'],
  ] as const
  return html`<section aria-labelledby="waterfall">
    <div class="bar-head">
      <h2 id="waterfall" tabindex="-1">Where the time goes</h2>
      <fieldset class="views">
        <legend class="quiet">View</legend>
        ${views.map(
          ([id, name]) =>
            html`<label
              ><input type="radio" name="view" value="${id}" ${id === 'all' ? html` checked` : undefined} /><span>${name}</span></label
            >`,
        )}
      </fieldset>
    </div>
    <p class="hint" id="keys">
      ${shown < all ? `${shown} of ${all} pods are in this page; the report has all of them. ` : ''}Point at a phase, or use the arrow keys:
      left and right go through the phases, up and down through the pods.
    </p>
    <ul class="legend" aria-label="Phases by colour">
      ${phaseGroups.map(legendEntry)}
      <li class="g-token"><i></i>first token</li>
    </ul>
    <div id="chart" aria-describedby="keys">
      <noscript><p>The waterfall needs JavaScript. The tables below do not.</p></noscript>
    </div>
    <div id="inspector" role="status" aria-live="polite"><p>No phase is selected.</p></div>
    <script type="application/json" id="names">
      ${phaseNames()}
    </script>
  </section>`
}

function legendEntry({ id, name }: (typeof phaseGroups)[number]): Html {
  return html`<li class="g-${id}"><i></i>${name}</li>`
}

/** What the script needs to know of each phase. Nothing in it is escaped, because nothing in it comes from outside; a test holds it to that. */
function phaseNames(): Html {
  const all = [...phases.map(({ id, meaning }) => ({ id, meaning })), { id: unattributed, meaning: 'what no signal explains' }]
  return new Html(JSON.stringify(Object.fromEntries(all.map(({ id, meaning }) => [id, { group: groupOf(id), meaning }]))))
}

/** The report's own JSON. */
export function rawSection(cut: boolean): Html {
  return html`<section aria-labelledby="raw-title">
    <h2 id="raw-title">Raw data</h2>
    <p class="hint">
      <a href="https://github.com/your-org/prebake/blob/HEAD/docs/report.md">Its schema</a
      >.${cut ? ' Here it has the pods of this page alone.' : ''}
    </p>
    <p><button type="button" id="download">Download the JSON</button></p>
    <details id="raw">
      <summary>Show the JSON</summary>
      <pre tabindex="0" aria-label="The report’s JSON"></pre>
    </details>
  </section>`
}
