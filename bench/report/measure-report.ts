/** Run as a process of its own, for its memory: prints the seconds of timelines and report, and the peak of its memory, as JSON. */
import { buildBenchmark, buildReport, renderComment } from '@prebake/startup'
import { renderPage } from '@prebake/report-page'
import { drawMeasurement } from './draw-measurement.ts'

const pods = Number(process.argv[2])
const measurement = drawMeasurement(pods)
const observedMiB = process.resourceUsage().maxRSS / 1024
const seconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
/** On a machine that others use, the processor's time says more than the wall's. */
const start = seconds()
const report = buildReport(measurement, { simulated: false })
const reported = seconds()
const benchmark = buildBenchmark([report], { createdAt: new Date(), thresholdShare: 0.1 })
JSON.stringify(benchmark)
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
