import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/cluster-access'
import { readHeld } from './held-node-pools.ts'
import { inputs } from './inputs.ts'

/** Ends the hold of a run that was cancelled or killed before it could do so itself. Safe to repeat. */
export async function post({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const held = readHeld()
  if (held === undefined) return reporter.info('Nothing to put back: no NodePool is held.')
  const given = readInputs(inputs)
  const { resumeDrift } = await import('@prebake/rollout')
  const { cluster } = await openCluster(given, { env, clock }, signal)
  const { failed } = await resumeDrift(held.documents, held.run, { cluster, reporter }, signal)
  if (failed[0] !== undefined) throw failed[0].error
}
