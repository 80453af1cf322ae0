import { messageOf } from '@prebake/kernel'
import { titleOf } from '@prebake/manifests'
import { endLostPauses, pausesOn } from './pause/end-lost-pauses.ts'
import { endPauses } from './pause/end-pauses.ts'
import type { RolloutRecord } from './ports/rollout-journal.ts'
import { changesMade, poolOfAnother } from './roll-back/changed-objects.ts'
import { endStuckNodes } from './roll-back/end-stuck-nodes.ts'
import { readBack, type ReadBack } from './observe/read-back.ts'
import { rollBack } from './roll-back/roll-back.ts'
import type { RollOutPorts } from './roll-out-request.ts'
import { findWorkloadKind } from './workload/find-workload-kind.ts'

/**
 * Ends a rollout whose run was cancelled or killed. What serves already stays; what does not is rolled back, so that NodePool and Deployment belong
 * together again, and then no NodePool stays paused. Safe to repeat.
 * @throws what kept it from being rolled back, or a NodePool paused.
 */
export async function cleanUp(
  { run, rollback, force, planned }: RolloutRecord,
  ports: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const { reporter } = ports
  const objects = await readBack(planned, ports, signal)
  const { changed } = changesMade(objects)
  let failure: unknown
  if (changed.length > 0 && isServing(objects)) reporter.info(`${titlesOf(changed)}: the new version serves`)
  else if (changed.length > 0 && rollback && poolOfAnother(objects, run) === undefined) {
    reporter.warning('The rollout was stopped before it served.')
    try {
      await rollBack(objects, { run, force }, ports, signal)
      await endStuckNodes(planned, ports, signal)
    } catch (error) {
      failure = error
      reporter.warning(`The rollback failed: ${messageOf(error)}`)
    }
  }
  const [paused] = await endPauses(planned, { run, preferred: rollback ? 'before' : 'after' }, ports, signal)
  await endLostPauses(
    ports,
    signal,
    pausesOn(
      planned.map(({ manifest }) => manifest),
      'default',
      run,
    ),
  )
  if (failure !== undefined || paused !== undefined) throw failure ?? paused
}

/** Whether all of it is applied, and every workload is rolled out. */
function isServing(objects: readonly ReadBack[]): boolean {
  return objects.every(({ manifest, live, version, changes }) => {
    if (live === undefined || (changes && version !== 'after')) return false
    const kind = findWorkloadKind(manifest.document)
    return kind === undefined || kind.judge(live, live).verdict === 'complete'
  })
}

const titlesOf = (objects: readonly ReadBack[]): string => objects.map(({ manifest }) => titleOf(manifest.document)).join(', ')
