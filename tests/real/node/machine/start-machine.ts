import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { released } from '../../bake/node/data-volume.ts'
import { makeCgroup, removeCgroups } from './cgroups.ts'
import { containerdSettings, kubeletSettings, networkSettings } from './settings.ts'
import { writeHardware, type Hardware } from './write-hardware.ts'

export interface MachineSpec {
  /** Of the Node, and of its folder. */
  readonly name: string
  /** The file that is its data volume. */
  readonly volume: string
  readonly providerId: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly object[]
  readonly hardware: Hardware
  /** By registry, containerd's hosts.toml for it. */
  readonly registries?: Readonly<Record<string, string>>
  /** Fields of KubeletConfiguration that are not as they are by default. */
  readonly kubelet?: object
}

/** What every machine of a cluster is made with. */
export interface Fleet {
  /** Holds a folder for each machine. */
  readonly folder: string
  readonly kubeconfig: string
  /** Certificate of the authority that signed the API server's client certificate. */
  readonly authority: string
  readonly programs: { readonly kubelet: string; readonly containerd: string; readonly pause: string }
}

/** A booted node: containerd and a kubelet on a data volume. */
export interface Machine {
  readonly name: string
  readonly address: string
  readonly volume: string
  /** What `containerd` or `kubelet` has written. */
  log(part: 'containerd' | 'kubelet'): string
  /** Runs a program on the node. @returns its exit code and its output */
  enter(program: string, ...args: readonly string[]): { readonly code: number; readonly output: string }
  /** Ends one of the two; it is started again a second later. */
  restart(part: 'containerd' | 'kubelet'): void
  /** Gives the kubelet other fields of KubeletConfiguration; it is restarted. */
  configure(kubelet: object): void
  /** Pulls the plug: every process ends, the volume is unmounted, its content stays. */
  stop(): Promise<void>
}

let booted = 0

/** Boots a machine in namespaces of its own, on an address of its own in this process's network. It ends with this process. */
export async function startMachine(fleet: Fleet, spec: MachineSpec): Promise<Machine> {
  booted += 1
  const [index, address] = [booted, `10.99.0.${booted}`]
  const folder = join(fleet.folder, spec.name)
  mkdirSync(join(folder, 'cni'), { recursive: true })
  const file = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  file('kubeconfig', fleet.kubeconfig)
  file('containerd.toml', containerdSettings(folder))
  file('cni/10-pods.conflist', networkSettings(index))
  for (const [registry, hosts] of Object.entries(spec.registries ?? {})) file(`registries/${registry}/hosts.toml`, hosts)
  const cgroupRoot = makeCgroup(spec.name)
  const { providerId, taints } = spec
  const configure = (more: object) =>
    file('kubelet.yaml', kubeletSettings({ address, authority: fleet.authority, cgroupRoot, providerId, taints, more }))
  configure(spec.kubelet ?? {})
  writeHardware(join(folder, 'hardware'), spec.hardware)
  // On `lo`, so that nothing of this leaves the machine; the kubelet refuses a loopback address only.
  run('ip', ['addr', 'replace', `${address}/32`, 'dev', 'lo'])

  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', join(import.meta.dirname, 'boot.sh')],
    {
      env: {
        PATH: `${fleet.programs.containerd}:/usr/sbin:/usr/bin:/sbin:/bin`,
        HOME: '/root',
        NODE: folder,
        VOLUME: spec.volume,
        ADDRESS: address,
        PAUSE: fleet.programs.pause,
        KUBELET: fleet.programs.kubelet,
        LABELS: Object.entries(spec.labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const log = (part: 'containerd' | 'kubelet') => readFileSync(join(folder, `${part}.log`), 'utf8')
  const pid = await ready(child, folder)
  const enter: Machine['enter'] = (program, ...args) => {
    const entered = spawnSync('nsenter', ['-t', String(pid), '-m', '-p', '--', program, ...args], {
      encoding: 'utf8',
      env: { PATH: `${fleet.programs.containerd}:/usr/sbin:/usr/bin:/sbin:/bin` },
      timeout: 120_000,
    })
    return { code: entered.status ?? 137, output: `${entered.stdout}${entered.stderr}` }
  }
  const restart: Machine['restart'] = (part) => void enter('kill', '-KILL', readFileSync(join(folder, `${part}.pid`), 'utf8').trim())
  return {
    name: spec.name,
    address,
    volume: spec.volume,
    log,
    enter,
    restart,
    configure(kubelet) {
      configure(kubelet)
      restart('kubelet')
    },
    async stop() {
      child.kill('SIGKILL')
      await gone
      await released(spec.volume)
      spawnSync('ip', ['link', 'delete', `cni${index}`])
      removeCgroups()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ready(child: ChildProcess, folder: string): Promise<number> {
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
    child.once('close', (code) =>
      reject(new Error(`Boot ${folder}: it ended with ${code}.\n${said}\n${tail(join(folder, 'containerd.log'))}`)),
    )
  })
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2000)
  } catch {
    return 'containerd was not started'
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Run ${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}
