import type { ActionContext } from '@prebake/action-kit'
import { buildState } from './state.ts'

/** Ends whatever the build has left running, also after a cancel or a kill. Safe to repeat. */
export async function post({ signal, reporter, clock }: ActionContext): Promise<void> {
  const { runToken, region, finished } = buildState().read()
  if (runToken === undefined) return reporter.info('Nothing to clean up: the run created nothing.')

  const [{ connectAws }, { cleanUpBuild }] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  const { builders, snapshots } = await connectAws({ region: region ?? '' })
  const { terminated, deleted, problem } = await cleanUpBuild(runToken, finished === 'true', { builders, snapshots, clock }, signal)
  for (const instance of terminated) reporter.info(`Terminated ${instance}`)
  for (const snapshot of deleted) reporter.info(`Deleted ${snapshot}, which was not finished`)
  if (problem !== undefined) throw problem
  if (terminated.length + deleted.length === 0) reporter.info('Nothing to clean up: no instance of this run is left.')
}
