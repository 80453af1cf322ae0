import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { rate } from '../act/start-scene.ts'
import { clusterWorld } from '../act/worlds.ts'
import { clusterName, nodeRole } from '../cluster/aws/world.ts'
import type { ControlPlane } from '../cluster/start-control-plane.ts'
import { region } from '../moto/start-moto.ts'

export interface MadeResult {
  readonly exitCode: number | null
  /** Standard output and standard error, as they came. */
  readonly text: string
  readonly stdout: string
}

/** A reader's folder with the Makefile and the manifests, an account of moto's, and a cluster with the real Karpenter. */
export interface RealTerminal {
  readonly plane: ControlPlane
  readonly simulator: Simulator
  /** Address of the account's AWS. */
  readonly aws: string
  /** IDs of the instances that run. */
  readonly running: () => readonly string[]
  read(file: string): string
  /** Serves the model as most do at first: nodes without a snapshot, pods that download. */
  serveBaseline(): Promise<void>
  /** `make <command> ARGS="…"`; `onText` is given all that was printed so far and ends it with Ctrl-C when it returns true. */
  make(command: string, args: readonly string[], interruptWhen?: (text: string) => boolean): Promise<MadeResult>
  [Symbol.asyncDispose](): Promise<void>
}

const root = join(import.meta.dirname, '../../..')

/** Needs a network of its own. @throws Error with what was printed when a part does not start */
export async function openTerminal(): Promise<RealTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
  const simulator = await startSimulator({ rate })
  const started: ControlPlane[] = []
  const world = await clusterWorld((plane) => started.push(plane))(simulator, folder)
  const [plane] = started
  if (plane === undefined) throw new Error('The world has no control plane.')
  const desk = join(folder, 'desk')
  cpSync(join(root, 'deploy'), join(desk, 'deploy'), { recursive: true })
  for (const name of ['Makefile', 'node_modules', 'package.json', 'pnpm-lock.yaml', 'scripts', 'terminal'])
    symlinkSync(join(root, name), join(desk, name))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, plane.kubeconfig, { mode: 0o600 })
  const environment: Readonly<Record<string, string>> = {
    ...simulator.environment,
    AWS_ENDPOINT_URL: world.aws,
    AWS_REGION: region,
    KUBECONFIG: kubeconfig,
    // The time of a real cluster is real.
    PREBAKE_CLOCK_RATE: '',
    PREBAKE_CLOCK_ORIGIN: '',
  }
  return {
    plane,
    simulator,
    aws: world.aws,
    running: world.running,
    read: (file) => readFileSync(join(desk, file), 'utf8'),
    async serveBaseline() {
      const variables = `NODE_ROLE=${nodeRole}\nCLUSTER_NAME=${clusterName}\nVLLM_IMAGE=${simulator.demoInputs['images']}`
      const inputs = { manifests: 'deploy/vllm/baseline', variables, kubeconfig: plane.kubeconfig }
      const { main } = await runStep({ action: join(root, 'actions/apply-manifests'), inputs, environment, workspace: desk, temp: folder })
      if (main.exitCode !== 0) throw new Error([...main.lines, plane.log('karpenter')].join('\n'))
    },
    async make(command, args, interruptWhen = () => false) {
      const child = spawn('make', ['--assume-old=node_modules/.modules.yaml', command, `ARGS=${args.join(' ')}`], {
        cwd: desk,
        env: { PATH: process.env['PATH'], HOME: folder, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        // Ctrl-C goes to the whole group, as a terminal sends it.
        detached: true,
      })
      let text = ''
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (more: string) => (stdout += more))
      let interrupted = false
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (more: string) => {
          text += more
          if (interrupted || !interruptWhen(text)) return
          interrupted = true
          process.kill(-(child.pid ?? 0), 'SIGINT')
        })
      const exitCode = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject)
        child.on('close', resolve)
      })
      return { exitCode, text, stdout }
    },
    async [Symbol.asyncDispose]() {
      await world.stop()
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
