import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAws } from '@prebake/aws'
import { systemClock } from '@prebake/kernel'
import { connectCluster, type ClusterConnection } from '@prebake/kubernetes'
import { applyOrder, readManifests, type KubernetesObject } from '@prebake/manifests'
import { rollOut, type Cluster, type FailedRollout } from '@prebake/rollout'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { versions } from '@prebake/versions'
import { bootVolume } from '../../aws/tests/boot-volume.ts'
import { recordingReporter } from '../../rollout/tests/recording-reporter.ts'
import { diagnoseStartup, troubleExplainer, type Diagnosis } from '../src/index.ts'

const { signal } = new AbortController()
const root = join(import.meta.dirname, '../../..')
const model = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
const commit = '5f9c1b7e5f9c1b7e5f9c1b7e5f9c1b7e5f9c1b7e'
export const modelPath = `/mnt/models/hf-cache/hub/models--${model.replace('/', '--')}/snapshots/${commit}`
const digest = `sha256:${'a1'.repeat(32)}`

export interface FaultScene {
  readonly simulator: Simulator
  readonly connection: ClusterConnection
  readonly snapshotId: string
  /** Applies the shipped manifests with a change of their text, or of the state of the world. */
  readonly apply: (change?: (text: string) => string) => Promise<void>
  readonly diagnose: () => Promise<Diagnosis>
  /** Rolls them out, with the diagnosis as the one who explains a failure. @returns what was thrown, and every line that was reported */
  readonly rollOut: (change?: (text: string) => string, more?: RollOutOptions) => Promise<FailedStart>
  readonly requests: () => readonly string[]
}

export interface RollOutOptions {
  readonly timeoutMs?: number
  /** Whether the rollout itself may read snapshots. */
  readonly snapshots?: boolean
  /** What the diagnosis asks instead. */
  readonly diagnosed?: (cluster: Cluster) => Cluster
}

export interface FailedStart {
  readonly error: FailedRollout | undefined
  readonly lines: readonly string[]
}

/** An account with a verified snapshot, and an empty cluster. */
export async function withFaultScene<T>(work: (scene: FaultScene) => Promise<T>, rate = 1200): Promise<T> {
  const simulator = await startSimulator({ rate })
  try {
    const { snapshots, snapshotFacts } = await connectAws({ region: 'us-west-2', account: simulator.account })
    const tags = {
      'prebake:run': 'test',
      'prebake:fingerprint': 'f',
      'prebake:model': model,
      'prebake:revision': commit,
      'prebake:architecture': 'x86_64',
      'prebake:bottlerocket': versions.bottlerocket,
      'prebake:kubernetes': versions.kubernetes,
      'prebake:containerd': '2.3.1',
      'prebake:verified': 'quick',
      'prebake:image-1': `docker.io/vllm/vllm-openai@${digest}`,
      'prebake:image-1-tag': `v${versions.vllm}`,
    }
    const { snapshotId } = await snapshots.create(await bootVolume(simulator), 'test', tags, signal)
    while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
    const { PREBAKE_CLOCK_RATE, PREBAKE_CLOCK_ORIGIN } = simulator.environment
    const clock = systemClock(Number(PREBAKE_CLOCK_RATE), Number(PREBAKE_CLOCK_ORIGIN))
    const connection = await connectCluster({ kubeconfig: simulator.kubeconfig, clock })
    const { cluster } = connection
    const variables = {
      NODE_ROLE: 'node',
      CLUSTER_NAME: 'demo',
      SNAPSHOT_ID: snapshotId,
      VLLM_IMAGE: `docker.io/vllm/vllm-openai@${digest}`,
      MODEL_PATH: modelPath,
      BOTTLEROCKET_VERSION: versions.bottlerocket,
      VOLUME_SIZE: '150Gi',
    }
    const manifestsOf = (change: (text: string) => string) => {
      const files = globSync('deploy/vllm/*.yaml', { cwd: root }).map((path) => ({
        path,
        text: change(readFileSync(join(root, path), 'utf8')),
      }))
      const used = Object.entries(variables).filter(([name]) => files.some(({ text }) => text.includes(`\${${name}}`)))
      return readManifests(files, Object.fromEntries(used))
    }
    let run = 0
    return await work({
      simulator,
      connection,
      snapshotId,
      async apply(change = (text) => text) {
        for (const { document } of applyOrder(manifestsOf(change)))
          await cluster.apply(namespaced(document), { dryRun: false, force: true }, signal)
        // A start takes some two minutes of this world, and a crash loop as long.
        await simulator.sleep(600)
      },
      diagnose: () => diagnoseStartup({ namespace: 'default', deployment: 'vllm' }, { cluster, snapshots: snapshotFacts }, signal),
      async rollOut(change = (text) => text, { timeoutMs = 1_800_000, snapshots: read = false, diagnosed = (same: Cluster) => same } = {}) {
        const reporter = recordingReporter()
        const explainTrouble = troubleExplainer(async () => ({ cluster: diagnosed(cluster), snapshots: snapshotFacts }), reporter)
        const base = { manifests: manifestsOf(change), namespace: 'default', timeoutMs, force: true, dryRun: false, rollback: true }
        const ports = { cluster, clock, reporter, explainTrouble, ...(read && { snapshots: snapshotFacts }) }
        const error = await rollOut({ ...base, run: `run-${(run += 1)}` }, ports, signal).then(
          () => undefined,
          (thrown: unknown) => thrown as FailedRollout,
        )
        return { error, lines: reporter.lines }
      },
      requests: () => simulator.requests().map(({ server, method, operation }) => `${server} ${method} ${operation}`),
    })
  } finally {
    await simulator.stop()
  }
}

const namespaced = (document: KubernetesObject): KubernetesObject =>
  ['Deployment', 'Service'].includes(document.kind) ? { ...document, metadata: { ...document.metadata, namespace: 'default' } } : document
