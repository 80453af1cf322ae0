import type { Measurement } from '@prebake/startup'
import type { BenchmarkInputs } from './inputs.ts'
import type { IsolatedPorts } from './measure-isolated.ts'
import { instanceTypesOf } from './instance-types-of.ts'
import { benchmarkState } from './state.ts'

/** Scales the Deployment itself, which this run alone holds. The replicas stay at `to` until `post` restores them. */
export async function measureInPlace(
  { run, given }: { readonly run: string; readonly given: BenchmarkInputs },
  ports: IsolatedPorts,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  const { deployment, namespace, to, runs, timeout: timeoutMs, prompt } = given
  const [{ awaitNoSpareNodes }, { holdDeployment, measureRuns }] = await Promise.all([
    import('@prebake/rollout'),
    import('@prebake/startup'),
  ])
  const request = { deployment, namespace, from: given.from, to, timeoutMs, run }
  const { found, from } = await holdDeployment(request, ports, signal, (before) =>
    benchmarkState().save({ mode: 'in-place', ...before, instanceTypes: [] }),
  )
  const target = {
    arm: 'candidate' as const,
    deployment,
    namespace,
    from,
    async freshen(until: AbortSignal) {
      const pools = await awaitNoSpareNodes({ namespace, podSelector: found.podSelector, timeoutMs }, ports, until)
      return `new nodes: every node of ${pools.join(', ') || 'the NodePools'} had a pod before`
    },
  }
  const runsRequest = { arms: [target], to, runs, timeoutMs, prompt, mode: 'in-place' as const, cold: given.cold === 'true' }
  return measureRuns(runsRequest, ports, signal, (measurement) => {
    const before = benchmarkState().read()
    if (before?.mode === 'in-place') benchmarkState().save({ ...before, instanceTypes: instanceTypesOf(measurement) })
  })
}
