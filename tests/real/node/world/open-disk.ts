import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyVolume, makeVolume } from '../../bake/node/data-volume.ts'

/** A file system on which a copy costs nothing until one of the two is written to: XFS with shared extents, whatever this machine's own disk is. */
export interface Disk {
  readonly folder: string
  /** Makes a data volume, empty or from the file that is a snapshot. @returns its file */
  makeVolume(name: string, snapshot?: string): Promise<string>
  close(): void
}

const gibibytes = 2 ** 30
/** Both are mostly holes: what is written counts. */
const sizes = { disk: 120 * gibibytes, volumeMebibytes: 40 * 1024 }

/** Mounts it below `folder`, in the mount namespace of this process. */
export function openDisk(folder: string): Disk {
  const [file, place] = [join(folder, 'disk.xfs'), join(folder, 'disk')]
  mkdirSync(place, { recursive: true })
  writeFileSync(file, '')
  truncateSync(file, sizes.disk)
  run('mkfs.xfs', '-q', '-m', 'reflink=1', file)
  // Direct: each block would be in memory twice.
  const device = run('losetup', '--find', '--show', '--direct-io=on', file).trim()
  run('mount', device, place)
  // From now on it goes when it is unmounted, also when this process is killed.
  run('losetup', '--detach', device)
  return {
    folder: place,
    async makeVolume(name, snapshot) {
      const volume = join(place, `${name}.xfs`)
      if (snapshot === undefined) makeVolume(volume, sizes.volumeMebibytes)
      else await copyVolume(snapshot, volume)
      return volume
    },
    close() {
      run('umount', '--lazy', place)
      rmSync(file)
    },
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
