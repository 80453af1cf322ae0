/** Moments for an axis up to `endMs`: at most `most`, at round seconds or minutes. */
function ticksOf(endMs, most) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((step) => step * 1000)
  const step = steps.find((each) => endMs / each <= most) ?? endMs
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step)
}

function axis(endMs, className) {
  const made = element('div', { class: `axis ${className}`, 'aria-hidden': 'true' })
  for (const ms of ticksOf(endMs, chart.clientWidth < 560 ? 4 : 10)) {
    const tick = element('span', {}, clockOf(ms))
    tick.style.left = `${(100 * ms) / endMs}%`
    made.append(tick)
  }
  return made
}

/** What a pod did, with the first token after the last phase. Phases without length have no bar. */
function spansOf(pod) {
  const spans = pod.rows.filter((row) => row.endMs > row.startMs).map((row) => ({ ...row, ...names[row.phase] }))
  const token = pod.firstToken?.afterScaleSeconds
  const readyMs = (pod.readyAfterSeconds ?? 0) * 1000
  if (token !== undefined && token * 1000 > readyMs)
    spans.push({
      phase: 'first.token',
      group: 'token',
      meaning: `the first completion; a second one took ${pod.firstToken.warmSeconds.toFixed(2)} s`,
      startMs: readyMs,
      endMs: token * 1000,
      clock: 'runner',
      source: 'streamed completion by port-forward',
      precisionMs: 1,
    })
  return spans
}

function endOf(pods) {
  return Math.max(
    1000,
    ...pods.map((pod) => Math.max((pod.firstToken?.afterScaleSeconds ?? 0) * 1000, ...pod.rows.map((row) => row.endMs))),
  )
}
