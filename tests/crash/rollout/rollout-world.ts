import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PhaseResult } from '@prebake/action-kit/testing'
import type { FaultPlan, Simulator } from '@prebake/simulator'
import { openScene, type Run } from '../../../actions/apply-manifests/tests/open-scene.ts'

/** What is rolled out: a version whose pods serve, or one whose pods crash, so that it has to be rolled back. */
export type Story = 'serves' | 'crashes'

export interface RunHooks {
  readonly environment?: Readonly<Record<string, string>>
  /** The input; left out: the action's own. */
  readonly timeout?: string
  readonly onStart?: (pid: number) => void
}

/** A cluster that serves one version after the other. Each case takes it as the case before has left it: serving, and not paused. */
export interface RolloutWorld {
  readonly simulator: Simulator
  /** What requests meet from now on. */
  meet(plan: FaultPlan): void
  /** Rolls out a version that the cluster has not seen: its own NodeClass, and its own pod template. */
  rollOut(story: Story, hooks?: RunHooks): Promise<Run>
  /** Looks for what the last rollout was to apply, and gives it a minute. */
  verify(): Promise<Run>
  /** Simulated seconds without a ready pod, since the last call. */
  gaps(): number
  close(): Promise<void>
}

const nothing: FaultPlan = () => undefined
/** Real milliseconds between two looks at the pods. */
const lookMs = 5

export async function openRolloutWorld(rate: number): Promise<RolloutWorld> {
  let plan = nothing
  const scene = await openScene({ rate, faults: (request) => plan(request) })
  const { simulator } = scene
  const file = join(scene.workspace, 'deploy/vllm/deployment.yaml')
  const text = readFileSync(file, 'utf8')
  let version = 0
  const inputs = () => ({ 'snapshot-id': scene.snapshots[0], variables: scene.variables({ NODE_ROLE: `node-${version}` }) })
  const run = (story: Story, hooks: RunHooks = {}) => {
    version += 1
    writeFileSync(file, story === 'serves' ? text : text.replace('${MODEL_PATH}', `/opt/nothing-${version}`))
    return scene.run({ ...inputs(), ...(hooks.timeout && { timeout: hooks.timeout }) }, undefined, hooks)
  }
  const first = await run('serves')
  if (first.exitCode !== 0) throw new Error(`The first rollout failed:\n${first.lines.slice(-8).join('\n')}`)

  let gapMs = 0
  let lookedAt = Date.now()
  const watch = setInterval(() => {
    const now = Date.now()
    // A machine that is busy looks late: that is no gap.
    if (readyPods(simulator).length === 0) gapMs += Math.min(now - lookedAt, 2 * lookMs)
    lookedAt = now
  }, lookMs)
  return {
    simulator,
    meet: (next) => void (plan = next),
    rollOut: run,
    verify: () => scene.run({ ...inputs(), mode: 'verify', timeout: '1m' }),
    gaps() {
      const seconds = (gapMs * rate) / 1000
      gapMs = 0
      return seconds
    },
    async close() {
      clearInterval(watch)
      await scene.close()
    },
  }
}

export interface SimulatedPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string; readonly nodeSelector?: Readonly<Record<string, string>> }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export function readyPods({ kubernetes }: Simulator): readonly SimulatedPod[] {
  const pods = kubernetes.objects('Pod') as unknown as readonly SimulatedPod[]
  return pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  )
}

/** All that a run has said, with its summary. */
export const saidBy = ({ lines, summary }: PhaseResult): string => `${lines.join('\n')}\n${summary}`

/** As without any fault: it serves, or it is rolled back. */
export const endsAsExpected = (story: Story, { exitCode, outputs }: PhaseResult): boolean =>
  story === 'serves' ? exitCode === 0 : exitCode === 1 && outputs['rolled-back'] === 'true'
