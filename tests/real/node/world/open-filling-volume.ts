import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A node's data volume, while its machine is there. */
export interface Volume {
  readonly file: string
  close(): Promise<void>
}

export interface FillingVolume extends Volume {
  /** MiB that its source has given so far: until it was closed, once it is. */
  fetched(): number
}

/** As large as one read of FUSE: of a larger one, reads at the same time would each fetch the whole. EBS has chunks of 512 KiB. */
const chunk = '128K'

/**
 * Opens a volume that fills from a snapshot as it is read, as EBS does without an initialization rate: the first read of a chunk waits for its source, which
 * gives so much a second and no more; the second one does not; what is written stays. Nothing is copied ahead of need.
 * It is nbdkit's copy on read behind a rate, which nbdfuse makes a file. Both end with this process.
 * @param folder that is made, and removed again
 * @param snapshot the file that is the snapshot; it is only read
 * @param mebibytesPerSecond what its source gives; Infinity for no limit, as Fast Snapshot Restore comes closest to
 */
export async function openFillingVolume(folder: string, snapshot: string, mebibytesPerSecond: number): Promise<FillingVolume> {
  const [socket, place] = [join(folder, 'socket'), join(folder, 'volume')]
  mkdirSync(place, { recursive: true })
  const copyOnRead = ['file', snapshot, 'cow-on-read=true', `cow-block-size=${chunk}`]
  const isLimited = Number.isFinite(mebibytesPerSecond)
  const filters = ['--filter=cow', ...(isLimited ? ['--filter=rate'] : [])]
  // In bits; a burst of a tenth of a second.
  const rate = isLimited ? [`rate=${mebibytesPerSecond * 8}M`, 'burstiness=0.1'] : []
  const source = launch(['nbdkit', '--foreground', '--unix', socket, ...filters, ...copyOnRead, ...rate], { TMPDIR: folder })
  await until(source, 'it listens', () => isThere(socket))
  const file = join(place, 'nbd')
  const mounted = launch(['nbdfuse', file, '--unix', socket], {})
  await until(mounted, 'the volume is there', () => isThere(file))
  const fetched = () => mebibytesWritten(source.pid, folder)
  let last: number | undefined
  return {
    file,
    fetched: () => last ?? fetched(),
    async close() {
      last = fetched()
      execFileSync('umount', ['--lazy', place])
      for (const child of [mounted, source]) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function launch(program: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...program], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** nbdkit keeps what it has copied in a file without a name. */
function mebibytesWritten(pid: number | undefined, folder: string): number {
  const files = readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`)
  const copies = files.filter((file) => readlinkSync(file).startsWith(folder) && readlinkSync(file).endsWith(' (deleted)'))
  return copies.reduce((sum, file) => sum + (statSync(file).blocks * 512) / 2 ** 20, 0)
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

async function until(child: ChildProcess, what: string, holds: () => boolean): Promise<void> {
  for (let looks = 0; looks < 600; looks++) {
    if (holds()) return
    if (child.exitCode !== null) throw new Error(`Open a volume that fills: ${child.spawnargs.join(' ')} ended with ${child.exitCode}.`)
    await sleep(50)
  }
  throw new Error(`Open a volume that fills: after 30 s it is not so that ${what}.`)
}
