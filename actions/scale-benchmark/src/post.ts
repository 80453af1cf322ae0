import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { messageOf, PrebakeError } from '@prebake/kernel'
import type { BenchmarkErrorCode, ReplicasBefore } from '@prebake/startup'
import { inputs } from './inputs.ts'
import { benchmarkState, type Remains } from './state.ts'

/**
 * Deletes the copies and waits for their nodes to go, or restores the replicas; also after a failure, a cancel or a kill. Safe to repeat.
 * @throws PrebakeError that names what stays, what it costs and the command that ends it
 */
export async function post(context: ActionContext): Promise<void> {
  const { reporter, signal } = context
  const remains = benchmarkState().read()
  if (remains === undefined) return reporter.info('Nothing to restore: the run has scaled nothing.')
  try {
    if (remains.mode === 'isolated') await removeCopiesOf(remains, context)
    else await restore(remains, context)
  } catch (error) {
    if (signal.aborted || (error instanceof PrebakeError && error.errorCode === 'copies-remain')) throw error
    throw await stays(remains, error)
  }
}

async function removeCopiesOf({ run: owner, namespace }: Remains, { env, signal, reporter, clock }: ActionContext): Promise<void> {
  const [{ cluster }, { removeCopies }] = await Promise.all([
    openCluster(readInputs(inputs), { env, clock }, signal),
    import('@prebake/rollout'),
  ])
  await removeCopies({ owner, namespace, wait: true }, { cluster, clock, reporter }, signal)
  reporter.info('Nothing of the isolated copies is left, and none of their nodes')
}

async function restore(before: ReplicasBefore, { env, signal, reporter, clock }: ActionContext): Promise<void> {
  const { deployment, namespace, replicas } = before
  const [{ workload }, { restoreReplicas }] = await Promise.all([
    openCluster(readInputs(inputs), { env, clock }, signal),
    import('@prebake/startup'),
  ])
  const restored = await restoreReplicas(before, { workload }, signal)
  switch (restored.outcome) {
    case 'restored':
      return reporter.info(`Scaled ${deployment} from ${restored.was} back to ${replicas} replicas`)
    case 'unchanged':
      return reporter.info(`${deployment} has its ${replicas} replicas`)
    case 'gone':
      return reporter.info(`Nothing to restore: there is no Deployment ${deployment} in ${namespace} any more`)
    case 'left': {
      const why = restored.holder === undefined ? 'which this run did not set' : `and the run ${restored.holder} holds it`
      return reporter.warning(`${deployment} had ${replicas} replicas and now has ${restored.was}, ${why}. Left unchanged.`)
    }
  }
}

/** The cleanup could not be done: a person has to, as long as it costs money. */
async function stays(remains: Remains, error: unknown): Promise<PrebakeError> {
  const { costOf, removalCommand } = await import('@prebake/rollout')
  const code = 'benchmark-remains' satisfies BenchmarkErrorCode
  const why = messageOf(error).replace(/\.$/, '')
  const hint = 'Keep the credentials of the cluster until the end of the job.'
  const { instanceTypes } = remains
  if (remains.mode === 'isolated') {
    const { run, namespace } = remains
    const nodes = `up to ${instanceTypes.length} nodes of theirs run (${costOf(instanceTypes)})`
    const message = `Delete the isolated copies of ${run}: ${why}. They may still be there, and ${nodes}. End them: \`${removalCommand(run, namespace)}\`.`
    return new PrebakeError(message, { code, hint, cause: error })
  }
  const { deployment, namespace, replicas, set } = remains
  const extra = Math.max(...set) - replicas
  const cost = costOf(Array.from({ length: extra }, (_, index) => instanceTypes[index]))
  const command = `kubectl scale deployment/${deployment} -n ${namespace} --replicas=${replicas}`
  const stay = `It had ${replicas} replicas and has up to ${Math.max(...set)}, and the ${extra} more cost ${cost}. Put them back: \`${command}\`.`
  return new PrebakeError(`Restore the replicas of ${deployment} in ${namespace}: ${why}. ${stay}`, {
    code,
    hint,
    cause: error,
  })
}
