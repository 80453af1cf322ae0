import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { InputError } from '@prebake/kernel'
import type { ManifestFile } from '@prebake/rollout'

/**
 * Writes the files into a folder of the workspace, which is made if it is not there. Other files in it stay.
 * @returns their paths, relative to the workspace. @throws InputError for a folder that lies outside, by a link too.
 */
export function writeRendered(files: readonly ManifestFile[], folder: string, workspace: string): readonly string[] {
  const root = realpathSync(workspace)
  const target = resolve(root, folder)
  confine(target)
  mkdirSync(target, { recursive: true })
  confine(realpathSync(target))
  return files.map(({ path, text }) => {
    const file = join(target, path)
    mkdirSync(dirname(file), { recursive: true })
    confine(realpathSync(dirname(file)))
    writeFileSync(file, text)
    return relative(root, file).split(sep).join('/')
  })

  function confine(path: string): void {
    const way = relative(root, path)
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return
    throw new InputError([
      { input: 'output-folder', wrong: `\`${folder}\` lies outside the workspace.`, remedy: 'Give a folder inside it.' },
    ])
  }
}
