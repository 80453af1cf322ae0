import { kubeconfigOf, readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { findSnapshots } from './find-snapshots.ts'
import { inputs, outputs, readVariables } from './inputs.ts'
import { readManifestFiles } from './read-manifest-files.ts'
import { summarize } from './summarize.ts'
import { writeApplied } from './write-applied.ts'

/** Reads the inputs and the manifests, connects the cluster, rolls out, and hands on what came of it. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const given = readInputs(inputs, env)
  const kubeconfig = kubeconfigOf(given.kubeconfig, env)
  reporter.info(`Apply ${given.manifests.join(', ')}`)

  const [{ connectCluster }, { readManifests, rollOut }] = await Promise.all([import('@prebake/kubernetes'), import('@prebake/rollout')])
  const files = readManifestFiles(given.manifests, env['GITHUB_WORKSPACE'] || process.cwd())
  const { values, inputOf } = readVariables(given)
  const manifests = readManifests(files, values, inputOf)
  const { cluster } = await connectCluster({ kubeconfig, clock, env })
  const snapshotId = values['SNAPSHOT_ID']
  const snapshots = await findSnapshots(snapshotId, env)

  const startedAt = clock.now()
  const result = await rollOut(
    { manifests, snapshotId, namespace: given.namespace, timeoutMs: given.timeout, force: given.forceConflicts, dryRun: given.dryRun },
    { cluster, snapshots, clock, reporter },
    signal,
  )

  setOutputs(outputs, { changed: result.changed, revision: result.revision ?? '', applied: writeApplied(result, env) }, env)
  const seconds = Math.round((clock.now().getTime() - startedAt.getTime()) / 1000)
  reporter.summary(summarize(result, { seconds, dryRun: given.dryRun, snapshotId, cluster: cluster.address }))
}
