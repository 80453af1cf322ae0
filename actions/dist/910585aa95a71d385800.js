/** A single pod of each arm, with a line for every phase. */
function drawStaircase(groups) {
  const endMs = endOf(groups.flatMap(({ pods }) => pods))
  return groups.map(({ arm, pods }) => {
    const [pod] = pods
    const list = element('div', { class: 'stairs' })
    for (const span of spansOf(pod)) {
      const line = element('div', {
        class: 'line',
        role: 'listbox',
        tabindex: '-1',
        'aria-label': span.phase,
        'aria-orientation': 'horizontal',
      })
      line.append(barOf(span, pod, arm, endMs))
      list.append(
        element(
          'div',
          { class: 'stair' },
          element('span', { class: 'pod' }, span.step === undefined ? span.phase : `${span.phase}, ${span.step}`),
          line,
          element('span', { class: 'total' }, seconds(span.endMs - span.startMs)),
        ),
      )
    }
    const block = armBlock(arm, pods, axis(endMs, 'top'), list)
    block.querySelector('h3').append(element('span', {}, ` ${pod.pod}`))
    return block
  })
}
