import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { nodeCgroups, removeCgroups } from './machine/cgroups.ts'
import { isolated } from '../isolated.ts'

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
/** What the kernel still has of a folder: processes that name it, mounts below it, loop devices on its files. */
const leftOf = (folder: string) => ({
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/cmdline`).includes(folder)),
  mounts: read('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(folder)),
  loops: execFileSync('losetup', ['--noheadings', '--output', 'BACK-FILE'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder)),
  cgroups: nodeCgroups().filter((path) => path.endsWith('i-held')),
})
const nothing = { processes: [], mounts: [], loops: [], cgroups: [] }

test.each(['SIGINT', 'SIGKILL'] as const)('after %s nothing is left running or mounted', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-held-'))
  try {
    const [program, ...args] = [...isolated, process.execPath, join(import.meta.dirname, 'hold-machine.ts'), folder]
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    const gone = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), gone])
    expect(leftOf(folder).processes.length).toBeGreaterThan(3)
    expect(leftOf(folder).loops).toHaveLength(2)
    // As a terminal does it: to all of the group.
    process.kill(-(child.pid ?? 0), signal)
    await gone
    for (let looks = 0; looks < 100 && JSON.stringify(leftOf(folder)) !== JSON.stringify(nothing); looks++) {
      removeCgroups()
      await sleep(100)
    }
    expect(leftOf(folder)).toEqual(nothing)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
