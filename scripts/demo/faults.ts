import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '@prebake/simulator'

export interface DemoFault {
  readonly about: string
  /** Makes it. @param workspace with a copy of `deploy/` */
  readonly make: (world: { readonly simulator: Simulator; readonly snapshotId: string; readonly workspace: string }) => Promise<void>
  /** The rule of diagnose-startup that must name it. */
  readonly rule: string
}

const edit =
  (file: string, from: string, to: string): DemoFault['make'] =>
  async ({ workspace }) => {
    const path = join(workspace, 'deploy/vllm', file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} has no \`${from}\`, so the fault cannot be made.`)
    writeFileSync(path, text.replace(from, to))
  }
const spoil =
  (flaw: 'no folder' | 'no model' | 'broken shard' | 'broken image'): DemoFault['make'] =>
  async ({ simulator, snapshotId }) =>
    simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId, flaw })

/** Faults that the preflight lets pass, by the name of `--fault`. */
export const demoFaults: Readonly<Record<string, DemoFault>> = {
  'model-path': {
    about: 'vLLM is given a path where no model is',
    make: edit('deployment.yaml', '${MODEL_PATH}', '/opt/no-model'),
    rule: 'model-missing',
  },
  'pool-limits': {
    about: 'the NodePool may have no GPU',
    make: edit('nodepool.yaml', 'nvidia.com/gpu: 8', 'nvidia.com/gpu: 0'),
    rule: 'nodepool-limits',
  },
  'no-folder': { about: 'the folder of the models is not on the volume', make: spoil('no folder'), rule: 'snapshot-volume-not-mountable' },
  'no-model': { about: 'the folder is there, and the model is not in it', make: spoil('no model'), rule: 'snapshot-model-missing' },
  'broken-shard': { about: 'a file of the weights cannot be read', make: spoil('broken shard'), rule: 'snapshot-model-unreadable' },
  'broken-image': { about: 'the baked image is not complete', make: spoil('broken image'), rule: 'snapshot-image-broken' },
}
