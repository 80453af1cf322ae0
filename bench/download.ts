import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { huggingFaceHub } from '../packages/huggingface/src/index.ts'
import { contestants, type Download } from './download/contestants.ts'
import type { Measured } from './download/measure-process.ts'
import { median } from './median.ts'

const model = 'mistralai/Mistral-7B-Instruct-v0.3'
const token = 'hf_bench'
/** Three files of together 4 GiB, of the model's 14.5 GB. */
const scale = 14_496_080_928 / 2 ** 32
const rounds = 3

/** The line counts a file's full size, so that at this rate a byte passes as fast as the table of timings says: 68 MB/s on one connection, 588 in all. */
const lines = {
  'as on EC2, believed (68 MB/s on one connection, 588 MB/s in all)': scale,
  'thirty times as fast, which is faster than this machine': 30 * scale,
} as const

/** Download and verification on the builder beside `hf download` and curl, from the same hub, in turn. Ratio of the best of them to ours: at least 1.0. */
export async function download(): Promise<readonly string[]> {
  const report: string[] = []
  for (const [line, rate] of Object.entries(lines))
    report.push(`4 GiB in 3 files, line ${line}; medians of ${rounds} rounds in turn:`, ...(await onLine(rate)))
  return report
}

async function onLine(rate: number): Promise<readonly string[]> {
  const hub = await startHubProcess(rate)
  const folder = mkdtempSync(join(tmpdir(), 'prebake-bench-'))
  try {
    const client = huggingFaceHub({ endpoint: hub.url, token })
    const listing = await client.list(model, 'main', AbortSignal.timeout(60_000))
    const files = listing.files.filter(({ path }) => /^model-.*\.safetensors$/.test(path))
    // The hub works out each digest on first use.
    for (const file of files) await client.locate(listing, file, AbortSignal.timeout(120_000))
    const asked: Download = { endpoint: hub.url, token, listing, files }
    const results = new Map<string, Measured[]>(contestants.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const { name, run } of contestants) {
        const target = join(folder, 'target')
        mkdirSync(target)
        const measured = await run(asked, target)
        console.error(`round ${round + 1}, ${name}: ${measured.seconds.toFixed(1)} s`)
        results.get(name)?.push(measured)
        rmSync(target, { recursive: true })
      }
    }
    return compare(results)
  } finally {
    hub.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function compare(results: ReadonlyMap<string, readonly Measured[]>): readonly string[] {
  const rows = [...results].map(([name, measured]) => ({
    name,
    seconds: median(measured.map(({ seconds }) => seconds)),
    cpu: median(measured.map(({ cpuSeconds }) => cpuSeconds)),
    peak: median(measured.map(({ peakMebibytes }) => peakMebibytes)),
  }))
  const [ours, ...others] = rows
  const best = Math.min(...others.map(({ seconds }) => seconds))
  return [
    ...rows.map(
      ({ name, seconds, cpu, peak }) => `  ${name}: ${seconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s, peak memory ${peak.toFixed(0)} MiB`,
    ),
    `  best of the others / ours: ${(best / (ours?.seconds ?? NaN)).toFixed(2)} (at least 1.00)`,
  ]
}

async function startHubProcess(rate: number): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'download/serve-hub.ts'), String(rate), String(scale)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const url of createInterface(child.stdout)) return { url, stop: () => void child.kill() }
  throw new Error('bench download: the hub did not start.')
}
