import { readFileSync } from 'node:fs'

const everyMs = 50

/**
 * Looks at the most resident memory that a process has had so far (proc(5), `VmHWM`). Growth in its last 50 ms is not seen.
 * @returns what ends the looking, and gives that peak in MiB
 */
export function watchPeak(pid: number): () => number {
  let kibibytes = 0
  const look = () => {
    try {
      kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? kibibytes)
    } catch {
      // It has ended.
    }
  }
  const timer = setInterval(look, everyMs)
  return () => {
    clearInterval(timer)
    return kibibytes / 1024
  }
}
