import { rmSync } from 'node:fs'
import { copyVolume } from '../../bake/node/data-volume.ts'
import { startNode } from '../../bake/node/start-node.ts'
import type { Host } from '../../moto/machines.ts'
import type { Disk } from './open-disk.ts'

let booted = 0

/** Boots a builder of tests/real/bake, with the containerd that the nodes have. @param fromVolume the file that is a snapshot */
export async function bootBuilder(disk: Disk, containerd: string, fromVolume?: string): Promise<Host> {
  booted += 1
  const volume = await disk.makeVolume(`builder-${booted}`, fromVolume)
  const node = await startNode({ folder: disk.folder, volume, containerd, sync: false })
  return {
    async run(line) {
      const { code, output } = await node.run(line)
      return { exitCode: code, output }
    },
    shutDown: () => node.stop(),
    copyDataVolume: (to) => copyVolume(volume, to),
    async destroy() {
      await node[Symbol.asyncDispose]()
      rmSync(volume)
    },
  }
}
