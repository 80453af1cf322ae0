import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { workspacePath } from '@prebake/action-kit'
import { InputError } from '@prebake/kernel'
import type { ManifestFile } from '@prebake/manifests'
import type { ApplyErrorCode } from './error-codes.ts'

/**
 * Writes the files into a folder of the workspace, which is created if it is missing. Other files in it stay.
 * @returns their paths, relative to the workspace. @throws InputError for a folder that lies outside, by a link too.
 */
export function writeRendered(files: readonly ManifestFile[], folder: string, workspace: string): readonly string[] {
  const root = realpathSync(workspace)
  mkdirSync(confine('.'), { recursive: true })
  return files.map(({ path, text }) => {
    const file = confine(path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return relative(root, file).split(sep).join('/')
  })

  function confine(path: string): string {
    const found = workspacePath(join(folder, path), root)
    if ('real' in found) return found.real
    const code = 'output-folder-outside' satisfies ApplyErrorCode
    throw new InputError([{ code, input: 'output-folder', wrong: `\`${folder}\` ${found.wrong}.`, remedy: 'Give a folder inside it.' }])
  }
}
