import { existsSync, globSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { workspacePath, type WorkspacePath } from '@prebake/action-kit'
import { InputError, type Problem } from '@prebake/kernel'
import type { ManifestFile } from '@prebake/manifests'

const manifestName = /\.(ya?ml|json)$/

/**
 * Reads what the input `manifests` names: files, folders (their own YAML and JSON files, by name) and globs, in the order in which they are given,
 * each file once.
 * @returns the files with their paths relative to the workspace.
 * @throws InputError with every entry that names nothing, or something that lies outside the workspace, by a link too, and every file that cannot be
 *   read as UTF-8.
 */
export function readManifestFiles(entries: readonly string[], workspace: string): readonly ManifestFile[] {
  const root = realpathSync(workspace)
  const problems: Problem[] = []
  const paths = new Set<string>()
  for (const entry of entries) {
    const found = findFiles(entry, root)
    if (typeof found === 'string')
      problems.push({
        input: 'manifests',
        wrong: `\`${entry}\` ${found}`,
        remedy: 'Name files inside the workspace; check out the repository first.',
      })
    else for (const path of found) paths.add(path)
  }
  const files: ManifestFile[] = []
  for (const real of paths) {
    const path = relative(root, real).split(sep).join('/')
    const read = readText(real)
    if ('text' in read) files.push({ path, text: read.text })
    else problems.push({ input: path, ...read })
  }
  if (problems.length > 0) throw new InputError(problems)
  return files
}

function readText(path: string): { readonly text: string } | { readonly wrong: string; readonly remedy: string } {
  try {
    // Strict: a byte that stands for nothing would otherwise be applied as a replacement character. Drops a byte order mark.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { wrong: 'is not UTF-8 text.', remedy: 'Save it as UTF-8, or leave it out.' }
    return { wrong: `cannot be read (${code}).`, remedy: 'See that this user may read it.' }
  }
}

/** The files' real paths, or what is wrong. */
function findFiles(entry: string, root: string): readonly string[] | string {
  const isGlob = /[*?[{]/.test(entry)
  const files: string[] = []
  for (const match of isGlob ? globSync(entry, { cwd: root }).toSorted() : [entry]) {
    const found = confine(match, root)
    if ('wrong' in found) return `${found.wrong}.`
    // A glob such as `deploy/**` matches folders too, and whatever else lies there.
    if (isFile(found.real) && (!isGlob || manifestName.test(found.real))) files.push(found.real)
    if (isFile(found.real) || isGlob) continue
    if (!statSync(found.real).isDirectory()) return 'is neither a file nor a folder.'
    for (const name of readdirSync(found.real).toSorted()) {
      if (!manifestName.test(name)) continue
      const inside = confine(join(found.real, name), root)
      if ('wrong' in inside) return `holds ${name}, which ${inside.wrong}.`
      if (isFile(inside.real)) files.push(inside.real)
    }
  }
  return files.length > 0 ? files : isGlob ? 'matches no YAML or JSON file.' : 'is a folder without YAML or JSON files of its own.'
}

/** The path without links, if what it leads to is there and inside the workspace. */
function confine(path: string, root: string): WorkspacePath {
  return existsSync(resolve(root, path)) ? workspacePath(path, root) : { wrong: 'does not exist' }
}

function isFile(path: string): boolean {
  return statSync(path).isFile()
}
