import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { copyVolume } from '../../bake/node/data-volume.ts'
import { startNode } from '../../bake/node/start-node.ts'
import { buildContainerd } from '../build-containerd.ts'
import type { World } from '../world/start-world.ts'

/**
 * Changes what is on a snapshot and nothing of what is said about it, as a bake would that went wrong and was not noticed.
 * @param script of bash, with the volume where a node has it, and its containerd running
 * @returns a function that makes it what it was
 */
export async function spoilSnapshot({ disk, snapshots }: World, snapshotId: string, script: string): Promise<() => Promise<void>> {
  const [file, kept] = [join(snapshots, snapshotId), join(snapshots, `${snapshotId}.kept`)]
  await copyVolume(file, kept)
  const node = await startNode({ folder: disk.folder, volume: file, containerd: buildContainerd(), sync: false })
  const { code, output } = await node.enter('bash', '-euc', script)
  await node.stop()
  await node[Symbol.asyncDispose]()
  if (code !== 0) throw new Error(`Spoil ${snapshotId}: \`${script}\` ended with ${code}: ${output}`)
  return () => rename(kept, file)
}
