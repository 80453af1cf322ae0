import type { ActionContext } from '@prebake/action-kit'
import type { SavedBuild } from './state.ts'

/**
 * Terminates everything that a build has left running, also after a cancel or a kill. Safe to repeat.
 * @param left what its state says; undefined: it has begun nothing
 * @throws PrebakeError that names what could not be terminated
 */
export async function cleanUp(
  left: SavedBuild | undefined,
  { signal, reporter, clock }: Pick<ActionContext, 'signal' | 'reporter' | 'clock'>,
): Promise<void> {
  if (left === undefined) return reporter.info('Nothing to clean up: the run created nothing.')
  const { cleanUpBuild, describeKept, leftBehind, mayHaveLeft } = await import('@prebake/snapshot')
  // Without a request to AWS: a later step may have replaced or removed the credentials.
  if (!mayHaveLeft(left)) return reporter.info('Nothing to clean up: the run has terminated what it launched.')

  const end = async () => {
    const { connectAws } = await import('@prebake/aws')
    const { builders, snapshots } = await connectAws({ region: left.region })
    return cleanUpBuild(left, { builders, snapshots, clock }, signal)
  }
  const { terminated, deleted, kept, failures } = await end().catch((error: unknown) => {
    throw signal.aborted ? error : leftBehind(left, [['Clean up after the build', error]])
  })
  for (const instance of terminated) reporter.info(`Terminated ${instance}`)
  for (const snapshot of deleted) reporter.info(`Deleted the unusable snapshot ${snapshot}`)
  if (kept !== undefined) reporter.notice(describeKept(kept, left.region))
  if (failures.size > 0) throw leftBehind(without(left, terminated), [...failures])
  if (terminated.length + deleted.length === 0) reporter.info('Nothing to clean up: no instance of this run is left.')
}

function without(left: SavedBuild, terminated: readonly string[]): SavedBuild {
  const builders = left.journal.builders.filter(({ instanceId }) => instanceId === undefined || !terminated.includes(instanceId))
  return { ...left, journal: { ...left.journal, builders } }
}
