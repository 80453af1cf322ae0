/**
 * Run as a process of its own, for its memory: reads a measurement, and prints the seconds of timelines, report, comment and page, and the peak of its memory,
 * as JSON.
 */
import { openSync, writeSync } from 'node:fs'
import { buildBenchmark, buildReport, jsonPieces, renderComment } from '@prebake/startup'
import { renderPage } from '@prebake/report-page'
import { readMeasurement } from './read-measurement.ts'

async function measureReport(path: string) {
  const measurement = await readMeasurement(path)
  const observedMiB = peakMiB()
  const start = seconds()
  const report = buildReport(measurement, { simulated: false })
  const reported = seconds()
  const benchmark = buildBenchmark([report], { createdAt: new Date(), thresholdShare: 0.1 })
  const file = openSync('/dev/null', 'w')
  for (const piece of jsonPieces(benchmark)) writeSync(file, piece)
  renderComment(benchmark)
  const commented = seconds()
  const page = renderPage(benchmark)
  return {
    pods: report.pods.length,
    ready: report.pods.filter(({ ready }) => ready).length,
    reportSeconds: reported - start,
    commentSeconds: commented - reported,
    pageSeconds: seconds() - commented,
    pageBytes: Buffer.byteLength(page),
    observedMiB,
    peakMiB: peakMiB(),
  }
}

/** On a machine that others use, the processor's time says more than the wall's. */
function seconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024
}

void measureReport(process.argv[2] ?? '').then((figures) => console.log(JSON.stringify(figures)))
