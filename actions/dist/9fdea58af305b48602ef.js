/** Left and right go through a line's phases, up and down through the lines, to the phase at the same time. */
function onKey(event) {
  const line = event.target.closest?.('.line')
  if (!line || event.altKey || event.ctrlKey || event.metaKey) return
  const bars = [...line.children]
  const at = Math.max(
    0,
    bars.findIndex((bar) => bar.getAttribute('aria-selected') === 'true'),
  )
  const along = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars.length - 1 }[event.key]
  const across = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (along === undefined && across === undefined) return
  event.preventDefault()
  if (along !== undefined) return select(bars[Math.min(bars.length - 1, Math.max(0, along))])
  const lines = [...chart.querySelectorAll('.line')]
  const next = lines[lines.indexOf(line) + across]
  if (next === undefined) return
  const wanted = shown.get(bars[at])?.span.startMs ?? 0
  const bar = [...next.children].findLast((each) => shown.get(each).span.startMs <= wanted) ?? next.firstElementChild
  focusLine(next)
  if (bar) select(bar)
}

/** Of all lines, one is in the order of the Tab key. */
function focusLine(line) {
  chart.querySelector('.line[tabindex="0"]')?.setAttribute('tabindex', '-1')
  line.tabIndex = 0
  line.focus({ preventScroll: true })
  line.scrollIntoView({ block: 'nearest' })
}

function listen() {
  chart.addEventListener('keydown', onKey)
  chart.addEventListener('focusin', (event) => {
    const line = event.target.closest?.('.line')
    if (line?.firstElementChild && line.querySelector('[aria-selected="true"]') === null) select(line.firstElementChild)
  })
  const point = (event) => {
    const bar = event.target.closest?.('.seg')
    if (bar) select(bar)
  }
  chart.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && point(event))
  chart.addEventListener('click', (event) => {
    point(event)
    const line = event.target.closest?.('.line')
    if (line) focusLine(line)
  })
}
