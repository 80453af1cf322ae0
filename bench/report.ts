import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseVllmLog } from '@prebake/startup'
import { logLines } from './report/log-lines.ts'
import { runNcc } from '../scripts/run-ncc.ts'
import { writeMeasurement } from './report/write-measurement.ts'
import { median } from './median.ts'

const rounds = 3
const pods = 5000

/** The grammar of vLLM's log, in lines per second of the processor, over logs of three sizes: it is linear where the rates are alike. */
export function logGrammar(): Promise<readonly string[]> {
  const rates = [25, 50, 100].map((megabytes) => {
    const lines = logLines(megabytes * 1e6)
    const seconds = median(Array.from({ length: rounds }, () => processorSeconds(() => parseVllmLog(lines))))
    return { megabytes, rate: lines.length / seconds }
  })
  const shown = rates.map(({ megabytes, rate }) => `${megabytes} MB ${(rate / 1000).toFixed(0)} 000 lines/s`).join(', ')
  return Promise.resolve([`log grammar: ${shown} (at least 500 000 lines/s; ${rounds} rounds)`])
}

/** Timelines, report, comment and page of very many pods, in a process of its own, from a bundle such as users run: Node's own compiler of TypeScript takes 40 MiB. */
export function report(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-bench-'))
  const file = join(folder, 'measurement.jsonl')
  writeMeasurement(pods, file)
  runNcc(join(import.meta.dirname, 'report/measure-report.ts'), folder, ['--transpile-only'])
  const runs = Array.from({ length: rounds }, () => measureOnce(join(folder, 'index.js'), file))
  const emptyMiB = median(Array.from({ length: rounds }, emptyNode))
  rmSync(folder, { recursive: true })
  const of = (value: (run: ReportRun) => number) => median(runs.map(value))
  const total = of((run) => run.reportSeconds + run.commentSeconds + run.pageSeconds)
  return Promise.resolve([
    `report of ${pods} pods: ${total.toFixed(2)} s of the processor (timelines and report ${of((run) => run.reportSeconds).toFixed(2)}, JSON and comment ${of((run) => run.commentSeconds).toFixed(2)}, page ${of((run) => run.pageSeconds).toFixed(2)}; at most 2), peak ${of((run) => run.peakMiB).toFixed(0)} MiB (at most 300), ${of((run) => run.observedMiB).toFixed(0)} of them for Node and what was observed, ${emptyMiB.toFixed(0)} for an empty Node (${rounds} rounds)`,
  ])
}

interface ReportRun {
  readonly reportSeconds: number
  readonly commentSeconds: number
  readonly pageSeconds: number
  readonly peakMiB: number
  readonly observedMiB: number
}

function measureOnce(program: string, file: string): ReportRun {
  return JSON.parse(outputOf([program, file])) as ReportRun
}

/** The peak of a Node that does nothing, in MiB. */
function emptyNode(): number {
  return Number(outputOf(['--print', 'process.resourceUsage().maxRSS / 1024']))
}

function outputOf(args: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`bench report: it failed: ${stderr}`)
  return stdout
}

/** On a machine that others use, the processor's time says more than the wall's. */
function processorSeconds(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
