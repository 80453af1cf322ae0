import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAws } from '@prebake/aws'
import { runStep, type PhaseResult, type StartedStep } from '@prebake/action-kit/testing'
import { startSimulator, type FaultPlan, type Simulator } from '@prebake/simulator'
import { versions } from '@prebake/versions'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

export interface Scene {
  readonly simulator: Simulator
  readonly workspace: string
  /** Completed snapshots, verified, oldest first. */
  readonly snapshots: readonly [string, string]
  /** The input `variables`, with some of them changed. */
  variables(changed?: Readonly<Record<string, string>>): string
  tagsOf(snapshotId: string): Promise<Readonly<Record<string, string>> | undefined>
  /** Runs the bundled action on the shipped manifests. `onLine` is given the process to deal with; `more` adds to the step. */
  run(
    inputs?: Readonly<Record<string, string>>,
    onLine?: (line: string, pid: number) => void,
    more?: { readonly environment?: Readonly<Record<string, string>>; readonly onStart?: (pid: number) => void },
  ): Promise<Run>
  close(): Promise<void>
}

export interface Run extends PhaseResult {
  readonly errors: readonly string[]
  /** Operations that the servers saw, in order, without dry runs. */
  readonly operations: readonly string[]
  readonly post: StartedStep['post']
}

const { signal } = new AbortController()
interface SceneOptions {
  readonly rate?: number
  readonly faults?: FaultPlan
}

/** What a build records of a snapshot with the default model and this image. */
export const bakeRecord = (image = `docker.io/vllm/vllm-openai@${digest}`): Record<string, string> => ({
  'prebake:run': 'test',
  'prebake:fingerprint': 'f',
  'prebake:model': 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ',
  'prebake:revision': '5f9c1b7e',
  'prebake:architecture': 'x86_64',
  'prebake:bottlerocket': versions.bottlerocket,
  'prebake:kubernetes': versions.kubernetes,
  'prebake:containerd': '2.3.1',
  'prebake:verified': 'quick',
  'prebake:image-1': image,
  'prebake:image-1-tag': `v${versions.vllm}`,
})
export const digest = `sha256:${'a1'.repeat(32)}`

/** A cluster, an account with two snapshots, and a repository. No script runs on a machine here, so time may fly. */
export async function openScene({ rate = 300, faults }: SceneOptions = {}): Promise<Scene> {
  const simulator = await startSimulator({ rate, ...(faults && { faults }) })
  const folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  const workspace = join(folder, 'workspace')
  cpSync(join(import.meta.dirname, '../../../deploy'), join(workspace, 'deploy'), { recursive: true })
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const volumeId = await bootVolume(simulator)
  const begin = async (): Promise<string> => {
    const { snapshotId } = await snapshots.create(volumeId, 'test', bakeRecord(), signal)
    // So that the next one is the later one.
    await simulator.sleep(2)
    return snapshotId
  }
  const taken = [await begin(), await begin()] as const
  for (const snapshotId of taken) while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(10)
  const variables = (changed: Readonly<Record<string, string>> = {}) =>
    Object.entries({ NODE_ROLE: 'node', CLUSTER_NAME: 'test', ...changed })
      .map(([name, value]) => `${name}=${value}`)
      .join('\n')

  return {
    simulator,
    workspace,
    variables,
    snapshots: taken,
    tagsOf: async (snapshotId) => (await snapshots.get(snapshotId, signal))?.tags,
    async run(inputs = {}, onLine = () => {}, { environment = {}, onStart = () => {} } = {}) {
      const before = simulator.requests().length
      let child = 0
      const { main, post } = await runStep({
        action: join(import.meta.dirname, '..'),
        inputs: { kubeconfig: simulator.kubeconfig, manifests: 'deploy/vllm', variables: variables(), ...inputs },
        environment: { ...simulator.environment, ...environment },
        workspace,
        temp: folder,
        onStart(pid) {
          child = pid
          onStart(pid)
        },
        onLine: (line) => onLine(line, child),
      })
      const operations = simulator
        .requests()
        .slice(before)
        .map(({ operation }) => operation)
      return {
        ...main,
        post,
        errors: main.lines.filter((line) => line.startsWith('::error')),
        operations: operations.filter((operation) => !operation.endsWith('(dry run)')),
      }
    },
    async close() {
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
