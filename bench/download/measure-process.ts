import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  /** Of the process and all that it started, user and system. */
  readonly cpuSeconds: number
  /** The most resident memory that they had together, in MiB; shared pages count for each. */
  readonly peakMebibytes: number
}

const sampleEveryMs = 50
/** USER_HZ, which is 100 on every Linux (proc(5)). */
const ticksPerSecond = 100
const pageMebibytes = 4096 / 2 ** 20

/** Runs a program in a process group of its own until it has ended, looking at the group's /proc entries meanwhile; what the last 50 ms cost is not seen. */
export async function measureProcess(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  succeeded: (code: number | null) => boolean = (code) => code === 0,
): Promise<Measured> {
  const start = performance.now()
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)))
  let cpuSeconds = 0
  let peakMebibytes = 0
  const timer = setInterval(() => {
    const group = processesOf(child.pid ?? 0)
    cpuSeconds = Math.max(cpuSeconds, sum(group.map(({ ticks }) => ticks)) / ticksPerSecond)
    peakMebibytes = Math.max(peakMebibytes, sum(group.map(({ pages }) => pages)) * pageMebibytes)
  }, sampleEveryMs)
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
  clearInterval(timer)
  if (!succeeded(code)) throw new Error(`Measure ${program}: it ended with ${code}: ${words}`)
  return { seconds: (performance.now() - start) / 1000, cpuSeconds, peakMebibytes }
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

/** What each process of the group has used, its own ended children included (proc(5), `stat`). */
function processesOf(group: number): { ticks: number; pages: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
        if (Number(fields[2]) !== group) return []
        return [{ ticks: sum(fields.slice(11, 15).map(Number)), pages: Number(fields[21]) }]
      } catch {
        return []
      }
    })
}
