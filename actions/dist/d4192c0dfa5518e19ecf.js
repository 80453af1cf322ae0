const chart = document.getElementById('chart')
const inspector = document.getElementById('inspector')
const names = JSON.parse(document.getElementById('names').textContent)
/** Bar → what it stands for. */
const shown = new Map()
let barCount = 0
let selected
let arms = []

/** First come those that never became Ready, then the slowest last. */
function byReady(pods) {
  return pods.toSorted((a, b) => Number(a.ready) - Number(b.ready) || (a.readyAfterSeconds ?? 0) - (b.readyAfterSeconds ?? 0))
}

function show(view) {
  shown.clear()
  const pick = { all: (pods) => pods, first: (pods) => pods.filter((pod) => pod.ready).slice(0, 1), critical: (pods) => pods.slice(-1) }[
    view
  ]
  const groups = arms.map(({ arm, pods }) => ({ arm, pods: pick(pods) })).filter(({ pods }) => pods.length > 0)
  chart.className = view === 'all' ? '' : 'single'
  chart.replaceChildren(...(view === 'all' ? drawBars(groups) : drawStaircase(groups)))
  const first = chart.querySelector('.line')
  if (first) first.tabIndex = 0
  nameBars()
}

void readReport().then((text) => {
  const { runs } = JSON.parse(text)
  arms = ['candidate', 'baseline']
    .map((arm) => ({ arm, pods: byReady(runs.filter((run) => (run.run?.arm ?? 'candidate') === arm).flatMap((run) => run.pods)) }))
    .filter(({ pods }) => pods.length > 0)
  const view = () => document.querySelector('[name="view"]:checked').value
  show(view())
  listen()
  offerRaw(text)
  for (const input of document.querySelectorAll('[name="view"]')) input.addEventListener('change', () => show(view()))
  new ResizeObserver(nameBars).observe(chart)
  document.documentElement.dataset.ready = 'true'
})
