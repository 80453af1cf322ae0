import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus as cpusOfThisMachine } from 'node:os'
import { join } from 'node:path'

/** What an instance type has. */
export interface Hardware {
  readonly cpus: number
  readonly memoryMebibytes: number
}

/**
 * Writes what the kubelet's cAdvisor reads of a machine, in the kernel's forms: `meminfo` stands for /proc/meminfo, `system` for /sys/devices/system,
 * `boot_id` for /proc/sys/kernel/random/boot_id: by a new one the kubelet sees that the machine was restarted.
 */
export function writeHardware(folder: string, { cpus, memoryMebibytes }: Hardware): void {
  const real = cpusOfThisMachine().length
  const online = `0-${real - 1}\n`
  const file = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const kibibytes = memoryMebibytes * 1024
  file('boot_id', `${randomUUID()}\n`)
  file('meminfo', `MemTotal: ${kibibytes} kB\nMemFree: ${kibibytes} kB\nMemAvailable: ${kibibytes} kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n`)
  for (const list of ['online', 'possible', 'present']) file(`system/cpu/${list}`, online)
  file('system/node/online', '0\n')
  file('system/node/node0/cpulist', online)
  file('system/node/node0/distance', '10\n')
  file('system/node/node0/meminfo', `Node 0 MemTotal: ${kibibytes} kB\n`)
  for (let cpu = 0; cpu < cpus; cpu++) {
    // The kubelet counts folders, and gives the CPUs that they name to cgroups: so each names one that is there, `cpu0`, `cpu00`, `cpu000`.
    const id = cpu % real
    const name = `cpu${'0'.repeat(Math.floor(cpu / real))}${id}`
    for (const place of ['cpu', 'node/node0']) {
      file(`system/${place}/${name}/topology/core_id`, `${cpu}\n`)
      file(`system/${place}/${name}/topology/physical_package_id`, '0\n')
    }
  }
}
