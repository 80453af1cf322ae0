import { connectAws } from '@prebake/aws'
import { systemClock } from '@prebake/kernel'
import { connectCluster } from '@prebake/kubernetes'
import { readManifests } from '@prebake/manifests'
import { rollOut, type FailedRollout, type RollOutRequest, type RollOutResult } from '@prebake/rollout'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'
import { recordingReporter } from '../../../packages/rollout/tests/recording-reporter.ts'

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export interface ProofWorld extends AsyncDisposable {
  readonly simulator: Simulator
  readonly snapshots: readonly [string, string]
  /** Rolls out a set; `gaps` counts how often nothing was ready, from the first ready pod on. */
  roll(text: string, more?: Partial<RollOutRequest>): Promise<Rolled>
  readyPods(): readonly Pod[]
  /** The EC2NodeClass of each node. */
  classOf(node: string | undefined): string | undefined
}

export interface Rolled {
  readonly result: RollOutResult | undefined
  readonly error: FailedRollout | undefined
  readonly lines: readonly string[]
  readonly gaps: number
}

const { signal } = new AbortController()

/** A simulated cluster and the real adapters, in one process, for what a rollout proves. */
export async function openProofWorld(): Promise<ProofWorld> {
  const simulator = await startSimulator({ rate: 300 })
  const { PREBAKE_CLOCK_RATE, PREBAKE_CLOCK_ORIGIN } = simulator.environment
  const clock = systemClock(Number(PREBAKE_CLOCK_RATE), Number(PREBAKE_CLOCK_ORIGIN))
  const { cluster } = await connectCluster({ kubeconfig: simulator.kubeconfig, clock })
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const volumeId = await bootVolume(simulator)
  const take = async (): Promise<string> => {
    const { snapshotId } = await snapshots.create(volumeId, 'test', { 'prebake:run': 'test' }, signal)
    while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(10)
    return snapshotId
  }
  const objects = <T>(kind: string) => simulator.kubernetes.objects(kind) as unknown as readonly T[]
  const readyPods = () =>
    objects<Pod>('Pod').filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
  let run = 0
  return {
    simulator,
    snapshots: [await take(), await take()],
    readyPods,
    classOf: (name) =>
      objects<{ readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> } }>('Node').find(
        ({ metadata }) => metadata.name === name,
      )?.metadata.labels['karpenter.k8s.aws/ec2nodeclass'],
    async roll(text, more = {}) {
      const reporter = recordingReporter()
      const manifests = readManifests([{ path: 'x.yaml', text }], {})
      const base = { manifests, namespace: 'default', timeoutMs: 1_800_000, force: true, dryRun: false, rollback: true }
      let gaps = 0
      let seen = readyPods().length > 0
      const watching = setInterval(() => {
        const ready = readyPods().length > 0
        seen ||= ready
        gaps += Number(seen && !ready)
      }, 5)
      try {
        const result = await rollOut({ ...base, run: `run-${(run += 1)}`, ...more }, { cluster, clock, reporter }, signal)
        return { result, error: undefined, lines: reporter.lines, gaps }
      } catch (error) {
        return { result: undefined, error: error as FailedRollout, lines: reporter.lines, gaps }
      } finally {
        clearInterval(watching)
      }
    },
    [Symbol.asyncDispose]: () => simulator.stop(),
  }
}
