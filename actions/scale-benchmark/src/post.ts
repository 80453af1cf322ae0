import { readInputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { inputs } from './inputs.ts'
import { benchmarkState } from './state.ts'

/** Restores the replicas, also after a failure, a cancel or a kill. Safe to repeat. */
export async function post({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const before = benchmarkState().read()
  if (before === undefined) return reporter.info('Nothing to restore: the run has scaled nothing.')

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
    case 'left':
      return reporter.warning(
        `${deployment} had ${replicas} replicas and now has ${restored.was}, which this run did not set. Left unchanged.`,
      )
  }
}
