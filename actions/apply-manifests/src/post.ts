import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { inputs } from './inputs.ts'
import { readRecord } from './rollout-record.ts'

/** Ends a rollout that was cancelled or killed before it could do so itself: it serves, or it is rolled back; no pause is left. Safe to repeat. */
export async function post({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const record = readRecord()
  if (record === undefined) return reporter.info('Nothing to clean up: no rollout is open.')
  const given = readInputs(inputs)
  const { cleanUp } = await import('@prebake/rollout')
  const { cluster } = await openCluster(given, { env, clock }, signal)
  await cleanUp(record, { cluster, clock, reporter }, signal)
}
