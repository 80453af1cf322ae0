import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { inputs } from './inputs.ts'
import { readPaused } from './paused-node-pools.ts'

/** Ends the pause of a run that was cancelled or killed before it could do so itself. Safe to repeat. */
export async function post({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const paused = readPaused()
  if (paused === undefined) return reporter.info('Nothing to clean up: no NodePool is paused.')
  const given = readInputs(inputs)
  const { resumeDrift } = await import('@prebake/rollout')
  const { cluster } = await openCluster(given, { env, clock }, signal)
  const { failed } = await resumeDrift(paused.documents, paused.run, { cluster, reporter }, signal)
  if (failed[0] !== undefined) throw failed[0].error
}
