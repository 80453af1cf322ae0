/**
 * Run as a process of its own, for its memory: reads a measurement as its watches bring it, a line for each change, and prints the seconds of timelines and
 * report, and the peak of its memory, as JSON. What observed objects carry beside what is read goes as it does in a measurement.
 */
import { createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { buildBenchmark, buildReport, jsonPieces, renderComment, type Measurement, type Observation } from '@prebake/startup'
import { renderPage } from '@prebake/report-page'

const observations: Observation[] = []
let rest: Omit<Measurement, 'observations'> | undefined
const dates = (key: string, value: unknown) =>
  /At$/.test(key) && typeof value === 'string' && key !== 'startedAt' ? new Date(value) : value
for await (const line of createInterface({ input: createReadStream(process.argv[2] ?? '') })) {
  const value = JSON.parse(line, dates) as Observation | Omit<Measurement, 'observations'>
  if ('object' in value) observations.push(value)
  else rest = value
}
if (rest === undefined) throw new Error('The file has no measurement.')
const observedMiB = process.resourceUsage().maxRSS / 1024
const seconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
/** On a machine that others use, the processor's time says more than the wall's. */
const start = seconds()
const report = buildReport({ ...rest, observations }, { simulated: false })
const reported = seconds()
const benchmark = buildBenchmark([report], { createdAt: new Date(), thresholdShare: 0.1 })
const file = openSync('/dev/null', 'w')
for (const piece of jsonPieces(benchmark)) writeSync(file, piece)
renderComment(benchmark)
const commented = seconds()
const page = renderPage(benchmark)
const drawn = seconds()
console.log(
  JSON.stringify({
    pods: report.pods.length,
    ready: report.pods.filter(({ ready }) => ready).length,
    reportSeconds: reported - start,
    commentSeconds: commented - reported,
    pageSeconds: drawn - commented,
    pageBytes: Buffer.byteLength(page),
    observedMiB,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
)
