import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pauseImage } from '../machine/settings.ts'

/**
 * Makes the image of sandboxes, a program that waits.
 * @param name of the image in the archive, and of a folder that is made
 * @returns an archive with it
 */
export function makePause(folder: string, name = 'pause'): string {
  const image = `${name}:${pauseImage.split(':')[1]}`
  const umoci = (...args: readonly string[]) => execFileSync('umoci', args, { cwd: folder, stdio: 'pipe' })
  umoci('init', '--layout', name)
  umoci('new', '--image', image)
  umoci('insert', '--image', image, '/usr/bin/busybox', '/busybox')
  umoci(
    'config',
    '--image',
    image,
    '--config.entrypoint',
    '/busybox',
    '--config.cmd',
    'tail',
    '--config.cmd=-f',
    '--config.cmd',
    '/dev/null',
  )
  const archive = join(folder, `${name}.tar`)
  execFileSync('tar', ['-C', join(folder, name), '-cf', archive, '.'])
  return archive
}
