import { execFileSync } from 'node:child_process'
import { constants, copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Makes a file with an empty XFS on it: a fresh data volume. XFS wants at least 300 MiB. */
export function makeVolume(file: string, mebibytes: number): void {
  writeFileSync(file, '')
  truncateSync(file, mebibytes * 2 ** 20)
  execFileSync('mkfs.xfs', ['-q', file], { stdio: 'pipe' })
}

/** What a snapshot is: every block of the volume, those of deleted files too. The volume must not be in use. */
export async function copyVolume(from: string, to: string): Promise<void> {
  await released(from)
  rmSync(to, { force: true })
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
}

/** Waits until no loop device holds the file any more: the kernel unmounts a moment after a node's last process has ended. */
export async function released(file: string): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    if (execFileSync('losetup', ['-n', '-O', 'NAME', '-j', file], { encoding: 'utf8' }).trim() === '') return
    await sleep(50)
  }
  throw new Error(`Unmount ${file}: a loop device still holds it after 10 s. Look at \`losetup -j ${file}\`.`)
}
