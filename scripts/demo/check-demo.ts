import { readFileSync } from 'node:fs'
import type { Simulator } from '@prebake/simulator'
import type { DemoSteps } from './play-demo.ts'
import type { DemoStep } from './step-runner.ts'

type Expectation = readonly [holds: boolean, otherwise: string]

/** What the demo must have shown, held against what the servers saw. @returns what is not so, one sentence each. */
export function checkDemo(steps: DemoSteps, simulator: Simulator): readonly string[] {
  return [
    ...expectBake(steps, simulator),
    ...expectRollOut(steps, simulator),
    ...expectComment(steps, simulator),
    ...expectForesight(steps, simulator),
  ].flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]))
}

const buildOperations = ['RunInstances', 'SendCommand', 'CreateSnapshot', 'TerminateInstances']

function expectBake({ build, 'build-again': again }: DemoSteps, simulator: Simulator): readonly Expectation[] {
  const snapshot = build.outputs['snapshot-id']
  const alive = simulator.aws.instances().filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
  return [
    ...buildOperations.map((operation): Expectation => [build.operations.includes(operation), `The build made no ${operation}.`]),
    ...buildOperations
      .slice(0, 3)
      .map((operation): Expectation => [!again.operations.includes(operation), `The second build made a ${operation}.`]),
    [again.outputs['reused'] === 'true', 'The second build reused nothing.'],
    [snapshot !== undefined && again.outputs['snapshot-id'] === snapshot, 'The second build returned another snapshot.'],
    [snapshot !== undefined && simulator.variables()['VLLM_SNAPSHOT_ID'] === snapshot, 'The variable does not hold the snapshot.'],
    [alive.length === 0, `Still there: ${alive.map(({ instanceId }) => instanceId).join(', ')}.`],
  ]
}

function expectRollOut(steps: DemoSteps, simulator: Simulator): readonly Expectation[] {
  const [deployment] = simulator.kubernetes.objects('Deployment') as readonly {
    readonly spec?: { readonly replicas?: number; readonly template?: unknown }
  }[]
  const { replicas, template } = deployment?.spec ?? {}
  return [
    [steps['roll-out'].outputs['changed'] === 'true', 'The rollout changed nothing.'],
    [steps['roll-out'].operations.includes('DescribeCluster'), 'The rollout did not find its cluster by the name.'],
    [steps['roll-out-broken'].outputs['rolled-back'] === 'true', 'The broken rollout was not rolled back.'],
    [
      JSON.stringify(template).includes(`"${steps.build.outputs['model-path']}"`),
      'After the broken rollout the Deployment is not what it was.',
    ],
    [replicas === 1, `The replicas were not restored: ${replicas}.`],
    ...[steps['measure-baseline'], steps.measure].flatMap(expectSums),
    ...expectSnapshots(steps.measure, steps.build.outputs['snapshot-id']),
  ]
}

interface ReportedPod {
  readonly pod: string
  readonly wallSeconds: number
  readonly rows: readonly { readonly seconds: number }[]
}

/** The leaf phases of every pod add up to its wall time. */
function expectSums({ outputs }: DemoStep): readonly Expectation[] {
  if (!outputs['report']) return [[false, 'There is no report.']]
  const { runs } = JSON.parse(readFileSync(outputs['report'], 'utf8')) as { runs: readonly { pods: readonly ReportedPod[] }[] }
  const pods = runs.flatMap((run) => run.pods)
  return [
    [pods.length === 4 * runs.length, `${pods.length} new pods were measured in ${runs.length} runs of 4.`],
    ...pods.map(({ pod, wallSeconds, rows }): Expectation => {
      const sum = rows.reduce((total, { seconds }) => total + seconds, 0)
      return [Math.abs(sum - wallSeconds) < 0.001, `The phases of ${pod} add up to ${sum} s, its wall time is ${wallSeconds} s.`]
    }),
  ]
}

/** The report says of the candidate alone that its nodes boot from the snapshot. */
function expectSnapshots({ outputs }: DemoStep, snapshot: string | undefined): readonly Expectation[] {
  const { runs } = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    runs: readonly { readonly run: { readonly arm: string }; readonly environment: { readonly snapshotId?: string } }[]
  }
  return runs.map(({ run: { arm }, environment }): Expectation => [
    environment.snapshotId === (arm === 'candidate' ? snapshot : undefined),
    `The report says that the ${arm}'s snapshot is ${environment.snapshotId}.`,
  ])
}

function expectComment(steps: DemoSteps, simulator: Simulator): readonly Expectation[] {
  const writes = (step: DemoStep, method: string) =>
    step.operations.filter((operation) => operation.startsWith(`${method} /repos/`) && operation.includes('/comments')).length
  return [
    [simulator.comments().length === 1, `There are ${simulator.comments().length} comments, not one.`],
    [writes(steps['measure-baseline'], 'POST') === 1, 'The first benchmark did not create a comment.'],
    [writes(steps.measure, 'PATCH') === 1, 'The second benchmark did not update the comment.'],
  ]
}

function expectForesight({ plan, prune, build }: DemoSteps, simulator: Simulator): readonly Expectation[] {
  const snapshot = build.outputs['snapshot-id'] ?? ''
  const left = simulator.aws.snapshots().map(({ snapshotId }) => snapshotId)
  return [
    [plan.outputs['met'] === 'true', 'The plan found no setting for its target.'],
    [plan.operations.length === 0, 'The plan asked someone.'],
    [left.includes(snapshot) && (prune.outputs['kept'] ?? '').includes(snapshot), 'The snapshot in use was pruned.'],
    [
      prune.operations.filter((operation) => operation === 'DescribeSnapshots').length === 1,
      'Pruning listed the snapshots more than once.',
    ],
  ]
}
