import type { Clock, ExplainTrouble, Reporter } from '@prebake/kernel'
import type { ClusterConnection } from '@prebake/kubernetes'
import { isDeployment, isolateManifests } from '@prebake/manifests'
import type { Measurement, MeasuredArm } from '@prebake/startup'
import type { BenchmarkInputs } from './inputs.ts'
import type { ArmManifests } from './read-arms.ts'
import { instanceTypesOf, possibleInstanceTypes } from './instance-types-of.ts'
import { removeLostCopies } from './remove-lost-copies.ts'
import { benchmarkState } from './state.ts'

/** For NodeClass and NodePool, for scaling back, and for later steps of the job. */
const besidesMs = 3_600_000

export interface IsolatedPorts extends Pick<ClusterConnection, 'cluster' | 'workload' | 'completions'> {
  readonly clock: Clock
  readonly reporter: Reporter
  readonly explainTrouble: ExplainTrouble
}

/**
 * Measures copies of the manifests beside what serves: each with its own nodes, made for this run. What is left of lost runs is deleted first; the copies are
 * deleted as soon as they are measured, and `post` waits until their nodes have gone.
 */
export async function measureIsolated(
  arms: readonly ArmManifests[],
  { run, given }: { readonly run: string; readonly given: BenchmarkInputs },
  ports: IsolatedPorts,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  const { namespace, from, to, runs, timeout: timeoutMs, prompt } = given
  const { clock, reporter } = ports
  const [{ createCopy, endEmptyNodes, removeCopies }, { measureRuns }] = await Promise.all([
    import('@prebake/rollout'),
    import('@prebake/startup'),
  ])
  await removeLostCopies({ namespace, run }, ports, signal)
  const lostAfter = new Date(clock.now().getTime() + (2 * runs * arms.length + 1) * timeoutMs + besidesMs)
  const copies = arms.map(({ arm, manifests }) => ({
    arm,
    copy: isolateManifests(manifests, { owner: run, copy: arm, namespace, replicas: from, lostAfter }),
  }))
  const state = benchmarkState()
  state.save({
    mode: 'isolated',
    run,
    namespace: copies[0]?.copy.deployment.namespace ?? namespace,
    instanceTypes: possibleInstanceTypes(
      copies.map(({ copy }) => copy),
      { from, to },
    ),
  })
  for (const { arm, copy } of copies)
    await reporter.group(`Create the isolated copy of the ${arm}`, () => createCopy({ copy, run, timeoutMs }, ports, signal))

  const targets = copies.map(({ arm, copy: { deployment, nodePool } }): MeasuredArm => ({
    arm,
    deployment: deployment.name,
    namespace: deployment.namespace,
    from,
    async freshen(until) {
      const ended = await endEmptyNodes({ nodePool, owner: run, namespace: deployment.namespace }, ports, until)
      return `new nodes of a NodePool of its own; ${ended} empty ones were deleted before`
    },
  }))
  const request = { arms: targets, to, runs, timeoutMs, prompt, mode: 'isolated' as const, cold: given.cold !== 'false' }
  const measured = await measureRuns(request, ports, signal, (measurement) => {
    const instanceTypes = instanceTypesOf(measurement)
    state.save({ mode: 'isolated', run, namespace: measurement.namespace, instanceTypes })
  })
  for (const place of new Set(targets.map((target) => target.namespace)))
    await reporter.group('Delete the isolated copies', () => removeCopies({ owner: run, namespace: place, wait: false }, ports, signal))
  return measured
}

/** The name of the Deployment that a copy was made of. */
export function originalName(manifests: ArmManifests['manifests']): string | undefined {
  return manifests.find(({ document }) => isDeployment(document))?.document.metadata.name
}
