import { readSet } from '@prebake/apply-manifests/read-set'
import { outlook } from '@prebake/build-snapshot/build'
import type { BuildOutlook } from '@prebake/snapshot'
import { buildInputs, rolloutInputs } from './action-inputs.ts'
import type { OptimizeRun } from './optimize-run.ts'
import { asIfBaked, futureSnapshot, placeholder } from './future-snapshot.ts'

/** What will be baked, or nothing where a snapshot is given. */
export type Outlook = BuildOutlook | undefined

/**
 * Finds out before anything is paid for whether all of it will work: what the build resolves and may do, and what the cluster says about the manifests with
 * what the snapshot will hold.
 * @throws InputError with all that is wrong
 */
export async function rehearse(run: OptimizeRun): Promise<Outlook> {
  const { values, settings, context } = run
  const given = values['snapshot-id']
  const planned = given === undefined ? await outlook(buildInputs(settings, values.build ?? [], context.env), context) : undefined
  const snapshotId = given ?? planned?.reusable?.snapshotId
  await (snapshotId === undefined ? rehearseRollout(placeholder, run, planned) : rehearseRollout(snapshotId, run, undefined))
  return planned
}

/** @param planned what a snapshot that does not exist yet will hold */
async function rehearseRollout(snapshotId: string, run: OptimizeRun, planned: Outlook): Promise<void> {
  const { values, settings, connection, folder, context } = run
  const { env, signal, reporter, clock } = context
  const given = rolloutInputs(snapshotId, run, { dryRun: true })
  const future = planned && futureSnapshot(planned, buildInputs(settings, values.build ?? [], env))
  const { manifests } = await readSet(given, folder, { env, reporter }, signal, future && (() => Promise.resolve(future)))
  const [{ rollOut }, { connectAws }] = await Promise.all([import('@prebake/rollout'), import('@prebake/aws')])
  const { snapshotFacts, quotas, instanceTypes, machineImages } = await connectAws({ region: settings.region, env })
  const { namespace, timeout: timeoutMs, ignoreRules, forceConflicts: force } = given
  await rollOut(
    { manifests, snapshotId, namespace, timeoutMs, ignoreRules, force, dryRun: true, rollback: true, run: 'rehearsal' },
    {
      cluster: connection.cluster,
      snapshots: future === undefined ? snapshotFacts : asIfBaked(future, snapshotFacts),
      quotas,
      instanceTypes,
      machineImages,
      clock,
      reporter,
    },
    signal,
  )
}
