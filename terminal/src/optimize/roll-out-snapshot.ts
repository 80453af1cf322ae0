import { applyManifests } from '@prebake/apply-manifests/apply-manifests'
import { readSet } from '@prebake/apply-manifests/read-set'
import { rolloutJournal } from '@prebake/apply-manifests/rollout-record'
import { filePointer } from '@prebake/publish-snapshot/file-pointer'
import type { RollOutResult } from '@prebake/rollout'
import { noteCluster, openRollout, recordFolder } from '../run/open-run.ts'
import { rolloutInputs } from './action-inputs.ts'
import type { OptimizeRun } from './optimize-run.ts'
import { snapshotFile } from './publish.ts'

/** Applies NodeClass, NodePool and Deployment, and waits until pods of them serve on nodes of them. A failure is rolled back, and `.snapshot-id` with it. */
export async function rollOutSnapshot(snapshotId: string, run: OptimizeRun): Promise<RollOutResult> {
  const { kubeconfig, connection, memory, folder, context } = run
  const { env, signal, reporter, clock } = context
  const given = rolloutInputs(snapshotId, run, { dryRun: false })
  const { manifests } = await readSet(given, folder, { env, reporter }, signal)
  noteCluster(memory, { kubeconfig: kubeconfig.path })
  const result = await applyManifests(
    given,
    { manifests, snapshotId, namespace: given.namespace, timeoutMs: given.timeout },
    { cluster: connection.cluster, clock, reporter, pointer: filePointer(snapshotFile, folder) },
    env,
    signal,
    rolloutJournal({ ...env, RUNNER_TEMP: recordFolder(folder) }, openRollout(memory)),
  )
  for (const doubt of result.unproven) reporter.warning(`Not proven: ${doubt}.`)
  return result
}
