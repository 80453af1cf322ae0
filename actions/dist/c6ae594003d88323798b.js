/** `7.6 s`, `0.02 s`, `1 min 24 s` are how people say it; figures keep a tenth. */
function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 100 ? 3 : ms < 9950 ? 2 : 1)} s`
}

/** `1:24`, for the axis. */
function clockOf(ms) {
  const total = Math.round(ms / 1000)
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`
}

/** Absolute time of a moment of a pod, in UTC with milliseconds. */
function stampOf(pod, ms) {
  return new Date(Date.parse(pod.startedAt) + ms).toISOString().replace('T', ' ').replace('Z', ' UTC')
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}
