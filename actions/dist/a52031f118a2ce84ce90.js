/** So many have room for higher lines. */
const fewPods = 16

/** One line of bars for each pod, on one axis for both arms. */
function drawBars(groups) {
  const endMs = endOf(groups.flatMap(({ pods }) => pods))
  return groups.map(({ arm, pods }) => {
    const list = element('ol', { class: pods.length > fewPods ? 'pods' : 'pods few' })
    for (const pod of pods) list.append(podLine(pod, arm, endMs))
    return armBlock(arm, pods, axis(endMs, 'top'), list)
  })
}

function armBlock(arm, pods, ...children) {
  const title = `${arm === 'candidate' ? 'Candidate' : 'Baseline'}, ${pods.length} ${pods.length === 1 ? 'pod' : 'pods'}`
  return element('section', { class: 'arm', 'aria-label': title }, element('h3', {}, title), ...children)
}

function podLine(pod, arm, endMs) {
  const total = pod.ready ? seconds((pod.firstToken?.afterScaleSeconds ?? pod.readyAfterSeconds) * 1000) : 'not Ready'
  const line = element('div', {
    class: 'line',
    role: 'listbox',
    tabindex: '-1',
    'aria-orientation': 'horizontal',
    'aria-label': `${pod.pod}, ${pod.ready ? `serves after ${total}` : `not Ready, in ${pod.lastPhase}`}`,
  })
  for (const span of spansOf(pod)) line.append(barOf(span, pod, arm, endMs))
  return element(
    'li',
    pod.ready ? {} : { class: 'stuck' },
    element('span', { class: 'pod', title: pod.node ?? '' }, pod.pod),
    line,
    element('span', { class: 'total' }, total),
  )
}

function barOf(span, pod, arm, endMs) {
  const bar = element('span', {
    id: `b${(barCount += 1)}`,
    class: `seg g-${span.group}${span.unfinished ? ' open' : ''}`,
    role: 'option',
    'aria-selected': 'false',
    'aria-label': `${span.phase}${span.step === undefined ? '' : `, ${span.step}`}, ${seconds(span.endMs - span.startMs)}`,
  })
  bar.style.left = `${(100 * span.startMs) / endMs}%`
  bar.style.width = `${(100 * (span.endMs - span.startMs)) / endMs}%`
  shown.set(bar, { span, pod, arm, share: (span.endMs - span.startMs) / endMs })
  return bar
}

/** A name stands only in a bar that has room for it, or for its first part. */
function nameBars() {
  const width = chart.querySelector('.pods .line')?.clientWidth
  if (width === undefined) return
  const fits = (name, share) => share * width >= name.length * 7.4 + 10
  for (const [bar, { span, share }] of shown) {
    const name = [span.phase, span.phase.split('.')[0]].find((each) => fits(each, share)) ?? ''
    if (bar.textContent !== name) bar.textContent = name
  }
}
