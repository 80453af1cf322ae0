import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchProgram } from '../../cluster/parts/launch-program.ts'

export interface FillingVolume {
  /** Looks like the whole snapshot. */
  readonly file: string
  stop(): Promise<void>
}

/**
 * A volume that loads its blocks from a snapshot as they are first read, at a rate in MiB/s and with a delay for each of 512 KiB; what is written or was read
 * stays in an overlay. EBS differs: it loads the rest in the background too, in its own order, and several requests at once do not wait for one another.
 */
export async function fillVolume(folder: string, snapshot: string, mebibytesPerSecond: number): Promise<FillingVolume> {
  const place = join(folder, 'filling')
  mkdirSync(place, { recursive: true })
  const socket = join(folder, 'filling.sock')
  const bits = mebibytesPerSecond * 2 ** 20 * 8
  const disk = launchProgram(
    'nbdkit',
    'nbdkit',
    [
      ...['--foreground', '--unix', socket, '--filter=cow', '--filter=rate', '--filter=delay', 'file', snapshot],
      ...['cow-on-read=true', 'cow-block-size=512K', `rate=${bits}`, 'rdelay=5ms'],
    ],
    { logFile: join(folder, 'nbdkit.log'), env: { TMPDIR: folder } },
  )
  await disk.until('it listens', async () => existsSync(socket))
  const file = join(place, 'volume')
  const mount = launchProgram('nbdfuse', 'nbdfuse', [file, '--unix', socket], { logFile: join(folder, 'nbdfuse.log') })
  await mount.until('the file is there', async () => existsSync(file))
  return {
    file,
    async stop() {
      await mount.stop()
      await disk.stop()
    },
  }
}
