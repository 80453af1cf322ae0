import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startSimulator, type Simulator, type SimulatorOptions } from '@prebake/simulator'

export interface ProgramResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly lines: readonly string[]
  readonly stderr: string
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Is given each line, and the process to deal with. */
  readonly onLine?: (line: string, pid: number) => void
}

/** A reader's folder, with the manifests in it, an account and a cluster. */
export interface TerminalScene {
  readonly simulator: Simulator
  readonly folder: string
  /** What finds the simulated image and cluster. */
  readonly settings: readonly string[]
  run(program: string, args: readonly string[], options?: StartOptions): Promise<ProgramResult>
  read(file: string): string | undefined
  /** Operations that the servers were asked for and that change something. */
  changes(): readonly string[]
  alive(): readonly string[]
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

export async function openTerminal(options: SimulatorOptions = {}): Promise<TerminalScene> {
  const simulator = await startSimulator(options)
  const folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, simulator.kubeconfig, { mode: 0o600 })
  const images = simulator.demoInputs['images'] ?? ''
  return {
    simulator,
    folder,
    settings: ['--cluster-name', simulator.clusterName, '--node-role', 'node', '--build', `images=${images}`],
    run: (program, args, { environment = {}, onLine = () => {} } = {}) =>
      runProgram(
        join(root, 'terminal', `${program}.ts`),
        args,
        folder,
        { ...simulator.environment, KUBECONFIG: kubeconfig, ...environment },
        onLine,
      ),
    read: (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined),
    changes: () =>
      simulator
        .requests()
        .flatMap(({ method, server, operation }) => (changes(server, method, operation) ? [`${server} ${operation}`] : [])),
    alive: () =>
      simulator.aws
        .instances()
        .flatMap(({ state, instanceId }) => (state === 'pending' || state === 'running' || state === 'stopped' ? [instanceId] : [])),
    async close() {
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function changes(server: string, method: string, operation: string): boolean {
  if (operation.endsWith('(dry run)')) return false
  if (server === 'aws') return !/^(Describe|Get|List)/.test(operation)
  return server === 'kubernetes' ? method !== 'GET' : false
}

/** As a child process, without a TTY, with nothing of the test's own environment but PATH. */
async function runProgram(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  onLine: (line: string, pid: number) => void,
): Promise<ProgramResult> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    onLine(line, child.pid ?? 0)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, by) => resolve([code, by]))
  })
  return { exitCode, signal, lines, stderr }
}
