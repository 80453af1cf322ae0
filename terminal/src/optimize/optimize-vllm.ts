import { openCluster } from '@prebake/kubernetes/access'
import { findKubeconfig } from '../discover/find-kubeconfig.ts'
import { findNodeSettings } from '../discover/find-node-settings.ts'
import { beginRun } from '../run/open-run.ts'
import type { PhasedContext } from '../run/run-phased-program.ts'
import { bakeSnapshot } from './bake-snapshot.ts'
import { compareStarts } from './compare-starts.ts'
import { gatherSettings } from './gather-settings.ts'
import { observeStarts } from './observe-starts.ts'
import { phaseTitles, type OptimizeRun, type OptimizeValues } from './optimize-run.ts'
import { projectDefaults } from './project-defaults.ts'
import { publish } from './publish.ts'
import { rehearse } from './rehearse.ts'
import { rollOutSnapshot } from './roll-out-snapshot.ts'
import { describePlan } from './describe-plan.ts'

/** The guide's `make optimize-vllm`: bakes, writes `.snapshot-id`, rolls out, and says how long the pods took to start before and after. */
export async function optimizeVllm(values: OptimizeValues, { memory, asker, folder, context }: PhasedContext): Promise<void> {
  const { env, signal, reporter, clock } = context
  const dryRun = values['dry-run'] === true
  const kubeconfig = findKubeconfig(values.kubeconfig, env)
  const connection = await openCluster({ kubeconfig: kubeconfig.path }, { env, clock }, signal)
  reporter.info(`Kubernetes ${await connection.cluster.version(signal)} at ${connection.address}`)
  const nodes = await findNodeSettings(connection.cluster, signal)
  const settings = await gatherSettings({ given: values, kubeconfig, nodes, env }, memory, asker)
  if (!dryRun) {
    memory.remember({ ...settings, server: kubeconfig.server ?? '' })
    await beginRun(memory, context)
  }
  const run: OptimizeRun = { values, settings, kubeconfig, connection, memory, folder, context }
  const workload = { deployment: values.deployment ?? projectDefaults.deployment, namespace: values.namespace ?? projectDefaults.namespace }

  const { result: outlook } = await reporter.phase(phaseTitles.check, () => rehearse(run))
  reporter.info(`\n${describePlan(run, outlook)}`)
  if (dryRun) return reporter.info('\nDry run: nothing was changed.')
  await asker.confirm('Go on?')
  // While a question may come, the terminal is in raw mode.
  asker.close()

  const before = await observeStarts(workload, connection, signal)
  const snapshotId = values['snapshot-id'] ?? (await bakeSnapshot(run, outlook))
  await reporter.phase(phaseTitles.publish, () => publish(snapshotId, run))
  const rolledOut = await reporter.phase(phaseTitles.rollOut, () => rollOutSnapshot(snapshotId, run))
  memory.rememberSeconds({ [phaseTitles.rollOut]: Math.round(rolledOut.seconds) })
  const after = await observeStarts(workload, connection, signal)
  reporter.info(`\n${compareStarts({ before, after, snapshotId, changed: rolledOut.result.changed }, env)}`)
}
