import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { servedFolder } from './build-image.ts'

const gibibytes = 2 ** 30

/** What the suite needs of this machine, in GiB: what it was seen to take, and a margin. */
export const needs = {
  /** Seen: 9, of five pods that start at once and the control plane. */
  memory: 12,
  /** While it runs: one volume, its snapshot, what nodes write, and one that pulls the image. Seen: 21. */
  disk: 25,
  /** For a while, where the image of vLLM has yet to be built. Seen: 8, and 7 of Go's own caches. */
  diskToBuild: 20,
} as const

/** What this machine is, as far as the suite cares. */
export interface Ground {
  readonly platform: string
  readonly user: number | undefined
  readonly architecture: string
  /** Names of file systems that the kernel knows. */
  readonly fileSystems: readonly string[]
  readonly hasLoopControl: boolean
  readonly hasFuse: boolean
  readonly freeDiskBytes: number
  readonly availableMemoryBytes: number
  /** Whether the image of vLLM is in the cache already. */
  readonly isBuilt: boolean
}

/** @returns one line for each thing that is missing; none where the suite can run */
export function judgeGround(ground: Ground): readonly string[] {
  const disk = needs.disk + (ground.isBuilt ? 0 : needs.diskToBuild)
  const rules: readonly (readonly [boolean, string])[] = [
    [ground.platform === 'linux' && ground.architecture === 'x64', 'It needs Linux on x86_64, for which vLLM for the CPU is built.'],
    [ground.user === 0, 'It needs root: nodes mount volumes and make namespaces. Run it as root.'],
    [ground.hasLoopControl, 'It needs loop devices: there is no /dev/loop-control. Load the kernel module `loop`.'],
    [ground.hasFuse, 'It needs FUSE, by which volumes fill: there is no /dev/fuse. Load the kernel module `fuse`.'],
    [ground.fileSystems.includes('xfs'), 'It needs XFS, which data volumes have. Load the kernel module `xfs`.'],
    [ground.fileSystems.includes('overlay'), 'It needs overlayfs, on which containers run. Load the kernel module `overlay`.'],
    [
      ground.freeDiskBytes >= disk * gibibytes,
      `It needs ${disk} GiB of free disk, and there are ${Math.floor(ground.freeDiskBytes / gibibytes)}. Make room in the folder of temporary files.`,
    ],
    [
      ground.availableMemoryBytes >= needs.memory * gibibytes,
      `It needs ${needs.memory} GiB of free memory for two vLLMs and a control plane, and there are ${Math.floor(ground.availableMemoryBytes / gibibytes)}. End what uses it.`,
    ],
  ]
  return rules.filter(([holds]) => !holds).map(([, line]) => `Prepare the suite node: ${line}`)
}

/** @param temporary folder in which nodes get their volumes */
export function lookAtGround(temporary: string): Ground {
  if (process.platform === 'linux') for (const module of ['loop', 'fuse', 'xfs', 'overlay']) spawnSync('modprobe', ['-q', module])
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const { bavail, bsize } = statfsSync(temporary)
  return {
    platform: process.platform,
    user: process.getuid?.(),
    architecture: process.arch,
    fileSystems: [...read('/proc/filesystems').matchAll(/(\S+)$/gm)].map(([, name = '']) => name),
    hasLoopControl: existsSync('/dev/loop-control'),
    hasFuse: existsSync('/dev/fuse'),
    freeDiskBytes: bavail * bsize,
    availableMemoryBytes: Number(/^MemAvailable:\s+(\d+)/m.exec(read('/proc/meminfo'))?.[1] ?? 0) * 1024,
    isBuilt: existsSync(servedFolder()),
  }
}
