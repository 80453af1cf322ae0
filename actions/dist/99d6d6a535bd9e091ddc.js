/** All that is known of a phase of a pod, in the panel below the chart. */
function inspect({ pod, arm, span }) {
  const entry = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value))
  const step = span.step === undefined ? '' : `, ${span.step}`
  const marks = [span.inferred && 'inferred from other signals', span.unfinished && 'still under way when the observation ended'].filter(
    Boolean,
  )
  inspector.replaceChildren(
    element(
      'p',
      { class: `what g-${span.group}` },
      element('i'),
      element('strong', {}, span.phase + step),
      ` ${seconds(span.endMs - span.startMs)} `,
      element('span', {}, [span.meaning, ...marks].join('; ')),
    ),
    element(
      'dl',
      {},
      entry('Pod', `${pod.pod}${arms.length > 1 ? `, ${arm}` : ''}`),
      entry('From', `${seconds(span.startMs)} (${stampOf(pod, span.startMs)})`),
      entry('To', `${seconds(span.endMs)} (${stampOf(pod, span.endMs)})`),
      entry('Clock', span.clock),
      entry('Source', span.source),
      entry('Precision', span.precisionMs < 1 ? 'better than 1 ms' : `± ${seconds(span.precisionMs)}`),
    ),
  )
}

/** One phase is selected at a time. */
function select(bar) {
  const chosen = shown.get(bar)
  if (chosen === undefined) return
  selected?.setAttribute('aria-selected', 'false')
  selected = bar
  bar.setAttribute('aria-selected', 'true')
  bar.parentElement.setAttribute('aria-activedescendant', bar.id)
  inspect(chosen)
}
