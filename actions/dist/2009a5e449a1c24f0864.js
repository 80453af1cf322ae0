/** The embedded report: gzip in base64. */
async function readReport() {
  const bytes = Uint8Array.from(atob(document.getElementById('data').textContent), (character) => character.charCodeAt(0))
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

function offerRaw(text) {
  const raw = document.getElementById('raw')
  const pretty = () => JSON.stringify(JSON.parse(text), undefined, 1)
  raw.addEventListener('toggle', () => {
    const area = raw.querySelector('pre')
    if (raw.open && area.textContent === '') area.textContent = pretty()
  })
  document.getElementById('download').addEventListener('click', () => {
    const address = URL.createObjectURL(new Blob([pretty()], { type: 'application/json' }))
    element('a', { href: address, download: 'scale-benchmark.json' }).click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  })
}
