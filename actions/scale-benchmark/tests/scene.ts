import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator, type SimulatorOptions } from '@prebake/simulator'

export interface Scene {
  readonly simulator: Simulator
  /** The job's temporary folder. */
  readonly folder: string
  /** Runs a step as the runner does; `onLine` is also given the process's ID. */
  run(
    action: string,
    inputs: Record<string, string>,
    onLine?: (line: string, pid: number) => void,
    environment?: Readonly<Record<string, string>>,
  ): ReturnType<typeof runStep>
  /** The inputs that fill in deploy/vllm/baseline. */
  readonly variables: string
  /** How many objects of each kind there are. */
  count(...kinds: readonly string[]): Readonly<Record<string, number>>
  /** Of the Deployment of this name. */
  replicas(name?: string): number | undefined
  stop(): Promise<void>
}

/** The simulator, and the workspace's own folder with the manifests. No real script runs here, so time may fly. */
export async function startScene(
  options: SimulatorOptions = {},
  workspace: string = join(import.meta.dirname, '../../..'),
): Promise<Scene> {
  const simulator = await startSimulator({ rate: 300, ...options })
  const folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  writeFileSync(join(folder, 'kubeconfig'), simulator.kubeconfig)
  return {
    simulator,
    folder,
    variables: `NODE_ROLE=node\nCLUSTER_NAME=test\nVLLM_IMAGE=${simulator.demoInputs['images']}`,
    run(action, inputs, onLine, environment = {}) {
      let pid = 0
      return runStep({
        action: join(import.meta.dirname, '../..', action),
        inputs: { kubeconfig: join(folder, 'kubeconfig'), ...inputs },
        environment: { ...simulator.environment, ...environment },
        workspace,
        temp: folder,
        onStart: (started) => (pid = started),
        onLine: (line) => onLine?.(line, pid),
      })
    },
    count: (...kinds) => Object.fromEntries(kinds.map((kind) => [kind, simulator.kubernetes.objects(kind).length])),
    replicas(name = 'vllm') {
      const found = simulator.kubernetes.objects('Deployment').find(({ metadata }) => metadata.name === name)
      return (found as unknown as { spec: { replicas: number } } | undefined)?.spec.replicas
    },
    async stop() {
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
