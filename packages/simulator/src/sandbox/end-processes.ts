import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends every process that carries `NAME=value` in its environment, wherever it has gone: a session of its own does not save it.
 * Needs /proc, so it finds nothing elsewhere than on Linux. @throws Error naming what would not end.
 */
export async function endProcesses(marker: string): Promise<void> {
  let found: number[] = []
  // A process may start another one while we look.
  for (let round = 0; round < 50; round++) {
    found = findProcesses(marker)
    if (found.length === 0) return
    for (const pid of found) kill(pid)
    await sleep(10)
  }
  throw new Error(`End a simulated host: processes ${found.join(', ')} do not end. End them by hand.`)
}

function findProcesses(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(marker))
}

/** Empty for a process that has ended (also one that no parent has waited for) or is another user's. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}
