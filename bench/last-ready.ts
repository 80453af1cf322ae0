import { setTimeout as delay } from 'node:timers/promises'
import { CancelledError } from '@prebake/kernel'
import { buildBenchmark, buildReport, jsonPieces, measureScale, renderComment } from '@prebake/startup'
import { renderPage } from '@prebake/report-page'
import { inMemoryWorkload } from '../packages/startup/tests/in-memory-workload.ts'
import type { PodScript } from '../packages/startup/tests/play-pod.ts'
import { onNewNode } from '../packages/startup/tests/scale-scripts.ts'
import type { SteppingClock } from '../packages/startup/tests/stepping-clock.ts'
import { median } from './median.ts'

const rounds = 5
const pods = 100
/** So many times as fast as a start is: only what comes after it is measured, and that is not accelerated. */
const rate = 40

/** From the news that the last pod is Ready to report, comment and page: what the benchmark adds to the wait for the pods. The network is not in it. */
export async function lastReady(): Promise<readonly string[]> {
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) seconds.push(await measureOnce())
  return [`last of ${pods} pods Ready → report, comment and page: ${median(seconds).toFixed(2)} s (at most 1; ${rounds} rounds)`]
}

async function measureOnce(): Promise<number> {
  const clock = realClock()
  const steps = Object.fromEntries(Object.entries(onNewNode.steps).map(([name, at]) => [name, at / rate]))
  const script = (index: number): PodScript => ({ ...onNewNode, steps, newNode: `gpu-${index + 1}` })
  const workload = inMemoryWorkload(
    clock,
    Array.from({ length: pods }, (_, index) => script(index)),
    1,
  )
  const silent = () => undefined
  const reporter = {
    info: silent,
    progress: silent,
    warning: silent,
    notice: silent,
    debug: silent,
    summary: silent,
    group: <T>(_: string, work: () => Promise<T>) => work(),
  }
  const request = { deployment: 'vllm', namespace: 'default', from: 1, to: pods + 1, timeoutMs: 60_000 }
  const measurement = await measureScale(request, { workload, clock, reporter }, new AbortController().signal)
  const benchmark = buildBenchmark([buildReport(measurement, { simulated: true })], { createdAt: new Date(), thresholdShare: 0.1 })
  for (const _ of jsonPieces(benchmark));
  renderComment(benchmark)
  renderPage(benchmark)
  const readyAt = measurement.observations.findLast(({ kind }) => kind === 'Pod')?.receivedAt.getTime() ?? NaN
  return (Date.now() - readyAt) / 1000
}

function realClock(): SteppingClock {
  return {
    now: () => new Date(),
    after: (ms, act) => void setTimeout(act, ms),
    sleep: (ms, signal) =>
      delay(ms, undefined, { signal }).catch(() => {
        throw new CancelledError()
      }),
  }
}
