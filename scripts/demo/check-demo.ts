import type { Simulator } from '@prebake/simulator'
import type { DemoStep } from './step-runner.ts'

interface Steps {
  readonly build: DemoStep
  readonly publish: DemoStep
  readonly again: DemoStep
}

const buildOperations = ['RunInstances', 'SendCommand', 'CreateSnapshot', 'TerminateInstances']

/** What the demo must have shown, held against what the servers saw. @returns what is not so, one sentence each. */
export function checkDemo({ build, publish, again }: Steps, simulator: Simulator): readonly string[] {
  const snapshot = build.outputs['snapshot-id']
  const alive = simulator.aws.instances().filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
  const expectations: readonly (readonly [boolean, string])[] = [
    [build.exitCode === 0, 'The build failed.'],
    [publish.exitCode === 0, 'Publishing failed.'],
    [again.exitCode === 0, 'The second build failed.'],
    ...buildOperations.map((operation) => [build.operations.includes(operation), `The build made no ${operation}.`] as const),
    ...buildOperations
      .slice(0, 3)
      .map((operation) => [!again.operations.includes(operation), `The second build made a ${operation}.`] as const),
    [again.outputs['reused'] === 'true', 'The second build reused nothing.'],
    [snapshot !== undefined && again.outputs['snapshot-id'] === snapshot, 'The second build returned another snapshot.'],
    [snapshot !== undefined && simulator.variables()['VLLM_SNAPSHOT_ID'] === snapshot, 'The variable does not hold the snapshot.'],
    [alive.length === 0, `Still there: ${alive.map(({ instanceId }) => instanceId).join(', ')}.`],
  ]
  return expectations.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]))
}
