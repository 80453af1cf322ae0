import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '@prebake/simulator'
import type { DemoFault } from './faults.ts'
import type { StepRunner } from './step-runner.ts'

/** `--fault NAME`: bakes, makes the fault, rolls out, which fails, and lets diagnose-startup say why. @returns what is not as it must be */
export async function playFault(fault: DemoFault, simulator: Simulator, run: StepRunner, products: string): Promise<readonly string[]> {
  const build = await run('build', 'build-snapshot', simulator.demoInputs)
  const snapshotId = build.outputs['snapshot-id'] ?? ''
  const workspace = join(products, 'workspace')
  cpSync(join(import.meta.dirname, '../../deploy'), join(workspace, 'deploy'), { recursive: true })
  await fault.make({ simulator, snapshotId, workspace })
  const cluster = { 'cluster-name': simulator.clusterName }
  const rollOut = { ...cluster, 'snapshot-id': snapshotId, variables: 'NODE_ROLE=prebake-node', rollback: 'false', timeout: '15m' }
  await run('roll-out', 'apply-manifests', rollOut, 'fails')
  const { outputs } = await run('diagnose', 'diagnose-startup', cluster)
  return outputs['cause'] === fault.rule ? [] : [`The diagnosis is \`${outputs['cause']}\`, not \`${fault.rule}\`.`]
}
