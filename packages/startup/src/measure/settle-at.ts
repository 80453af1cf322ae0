import { waitFor } from '@prebake/kernel'
import type { BenchmarkErrorCode } from '../error-codes.ts'
import type { DeploymentState } from '../ports/workload.ts'
import { withTrouble } from './explain-late-pods.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'

/** Brings the Deployment to `from` replicas, all Ready and no more. @throws TimeoutError, or PrebakeError with the cause */
export async function settleAt(
  found: DeploymentState,
  { deployment, namespace, from, timeoutMs }: ScaleRequest,
  ports: MeasurePorts,
  signal: AbortSignal,
): Promise<void> {
  const { workload, clock, reporter } = ports
  if (found.replicas !== from) await workload.scale(deployment, namespace, from, signal)
  await waitFor({
    code: 'start-replicas-timeout' satisfies BenchmarkErrorCode,
    awaited: `${deployment} to have ${from} Ready replicas`,
    limitMs: timeoutMs,
    everyMs: 2000,
    clock,
    signal,
    hint: 'The pods must start before a scale-up can be measured. Check `kubectl describe pods`. If an autoscaler sets the replicas, pause it.',
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const now = await workload.deployment(deployment, namespace, signal)
      if (now?.replicas === from && now.readyReplicas === from) return { value: undefined }
      return { state: now === undefined ? 'the Deployment is gone' : `${now.readyReplicas} of ${now.replicas} replicas Ready` }
    },
  }).catch(async (error: unknown) => {
    throw await withTrouble(error, { deployment, namespace }, ports, signal)
  })
}
