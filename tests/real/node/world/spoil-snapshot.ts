import { renameSync, rmSync } from 'node:fs'
import { copyVolume } from '../../bake/node/data-volume.ts'
import { startNode } from '../../bake/node/start-node.ts'

/** Changes what lies on a snapshot, as a bake that went wrong leaves it: a script runs on a node that has it. @returns what puts the good one back */
export async function spoilSnapshot(file: string, folder: string, containerd: string, script: string): Promise<() => void> {
  const [good, spoiled] = [`${file}.good`, `${file}.spoiled`]
  await copyVolume(file, spoiled)
  const node = await startNode({ folder, volume: spoiled, containerd, sync: false })
  try {
    const { code, output } = await node.enter('bash', '-euc', script)
    if (code !== 0) throw new Error(`Spoil ${file}: the script ended with ${code}: ${output}`)
    await node.stop()
  } finally {
    await node[Symbol.asyncDispose]()
  }
  renameSync(file, good)
  renameSync(spoiled, file)
  return () => {
    rmSync(file)
    renameSync(good, file)
  }
}
