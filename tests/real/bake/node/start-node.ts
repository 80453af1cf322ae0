import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { released } from './data-volume.ts'
import { layOutTools } from './lay-out-tools.ts'

export interface Ended {
  readonly code: number
  /** Standard output and standard error, as they came. */
  readonly output: string
  readonly seconds: number
}

/** A machine that has `volume` as its data volume, with the real containerd on it. */
export interface RealNode {
  /** Holds what is the node's but not on its volume: `units`, `containerd.log`, `tools`. */
  readonly folder: string
  readonly volume: string
  /** Runs a shell line as the SSM agent does. */
  run(line: string): Promise<Ended>
  /** Runs a program in the node's namespaces with this machine's PATH: for looking, and for breaking things. */
  readonly enter: (program: string, ...args: readonly string[]) => Promise<Ended>
  /** Ends the admin container with all that runs in it and all that is in its memory, and restarts it a second later. */
  restartAdmin(): Promise<void>
  /** Settles when the node has ended, by whomever. */
  readonly ended: Promise<void>
  /** A clean shutdown; the volume is unmounted afterwards. */
  stop(): Promise<void>
  /** Pulls the plug. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface NodeOptions {
  readonly folder: string
  readonly volume: string
  /** false: it reaches nothing, not even this machine's servers. */
  readonly network?: boolean
  /** Folder with containerd, its shim and ctr, where they are not to be Debian's. */
  readonly containerd?: string
  /** false: the volume is not written through, which is too slow for gigabytes. */
  readonly sync?: boolean
}

/** Boots a node in namespaces of its own. */
export async function startNode({ folder, volume, network = true, containerd, sync = true }: NodeOptions): Promise<RealNode> {
  const node = mkdtempSync(join(folder, 'node-'))
  const tools = join(node, 'tools')
  layOutTools(tools, containerd)
  const environment = {
    PATH: [...(containerd === undefined ? [] : [containerd]), '/usr/sbin:/usr/bin:/sbin:/bin'].join(':'),
    HOME: '/root',
    LC_ALL: 'C',
    NODE: node,
    VOLUME: volume,
    TOOLS: tools,
    MOUNT_OPTIONS: ['loop', 'nouuid', ...(sync ? ['sync'] : [])].join(','),
  }
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', ...(network ? [] : ['--net'])]
  // The node ends with this process, however that ends.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, join(import.meta.dirname, 'boot.sh')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const pid = await ready(child, node)

  // A bash that has a socket as its input takes itself for a remote shell, and reads ~/.bashrc.
  const nsenter = (program: readonly string[], input?: string) =>
    end(
      spawn('nsenter', ['-t', String(pid), '-m', '-p', '-n', '--', ...program], {
        env: environment,
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      }),
      input,
    )
  const plug = async () => {
    child.kill('SIGKILL')
    await gone
    await released(volume)
  }
  return {
    folder: node,
    volume,
    run: (line) => nsenter([join(import.meta.dirname, 'agent.sh'), randomUUID()], `${line}\n`),
    enter: (program, ...args) => nsenter([program, ...args]),
    ended: gone,
    async restartAdmin() {
      const { code, output } = await nsenter([join(import.meta.dirname, 'admin.sh'), 'restart'])
      if (code !== 0) throw new Error(`Restart the admin container: it ended with ${code}: ${output}`)
    },
    async stop() {
      process.kill(pid, 'SIGTERM')
      await gone
      await released(volume)
    },
    async [Symbol.asyncDispose]() {
      await plug()
      rmSync(node, { recursive: true, force: true })
    },
  }
}

function ready(child: ChildProcess, node: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const pid = /^ready (\d+)$/m.exec(said)?.[1]
        if (pid !== undefined) resolve(Number(pid))
      })
    }
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`Boot a node: it ended with ${code}.\n${said}\n${tail(join(node, 'containerd.log'))}`)))
  })
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2000)
  } catch {
    return 'containerd was not started'
  }
}

function end(child: ChildProcess, input = ''): Promise<Ended> {
  const begun = Date.now()
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
    // A program that ends without reading its input is no failure of ours.
    child.stdin?.on('error', () => {}).end(input)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 137, output, seconds: (Date.now() - begun) / 1000 }))
  })
}
