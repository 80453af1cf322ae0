import { existsSync, globSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { workspacePath } from '@prebake/action-kit'
import { InputError, type Problem } from '@prebake/kernel'
import type { ManifestFile } from '@prebake/manifests'
import type { FolderToBuild } from './build/build-folder.ts'
import { builderOf, folderMarkedBy } from './build/find-builder.ts'
import type { ApplyErrorCode } from './error-codes.ts'

const manifestName = /\.(ya?ml|json)$/

/** What is wrong with an entry, to follow its name. */
interface Refusal {
  readonly code: ApplyErrorCode
  readonly wrong: string
}

/**
 * Reads what the input `manifests` names: files, folders (their own YAML and JSON files, by name) and globs, in the order in which they are given,
 * each file once. A folder of kustomize and a Helm chart are not read but returned, to be built.
 * @returns files and folders with their paths relative to the workspace.
 * @throws InputError with every entry that names nothing, or something outside the workspace, by a link too, and every file that cannot be read as UTF-8.
 */
export function readManifestFiles(entries: readonly string[], workspace: string): readonly (ManifestFile | FolderToBuild)[] {
  const root = realpathSync(workspace)
  const problems: Problem[] = []
  const paths = new Set<string>()
  for (const entry of entries) {
    const found = findFiles(entry, root)
    if ('paths' in found) for (const path of found.paths) paths.add(path)
    else {
      const remedy = 'Name files inside the workspace; check out the repository first.'
      problems.push({ code: found.code, input: 'manifests', wrong: `\`${entry}\` ${found.wrong}`, remedy })
    }
  }
  const files: (ManifestFile | FolderToBuild)[] = []
  for (const real of paths) {
    const path = relative(root, real).split(sep).join('/')
    const kind = isFile(real) ? undefined : builderOf(real)
    if (kind !== undefined) {
      files.push({ kind, folder: path })
      continue
    }
    const read = readText(real)
    if ('text' in read) files.push({ path, text: read.text })
    else problems.push({ code: 'manifest-file-unreadable' satisfies ApplyErrorCode, input: path, ...read })
  }
  if (problems.length > 0) throw new InputError(problems)
  return files
}

function readText(path: string): { readonly text: string } | { readonly wrong: string; readonly remedy: string } {
  try {
    // Strict: an invalid byte would otherwise be applied as a replacement character. Drops a byte order mark.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { wrong: 'is not UTF-8 text.', remedy: 'Save it as UTF-8, or leave it out.' }
    return { wrong: `cannot be read (${code}).`, remedy: 'Make sure that this user may read it.' }
  }
}

/** The real paths of the files, and of the folders that have to be built. */
function findFiles(entry: string, root: string): { readonly paths: readonly string[] } | Refusal {
  const isGlob = /[*?[{]/.test(entry)
  const paths: string[] = []
  for (const match of isGlob ? globSync(entry, { cwd: root }).toSorted() : [entry]) {
    const found = confine(match, root)
    if ('wrong' in found) return { ...found, wrong: `${found.wrong}.` }
    const marked = isGlob ? undefined : isFile(found.real) ? folderMarkedBy(found.real) : builderOf(found.real) && found.real
    if (marked !== undefined) {
      paths.push(marked)
      continue
    }
    // A glob such as `deploy/**` matches folders too, and whatever else is there.
    if (isFile(found.real) && (!isGlob || manifestName.test(found.real))) paths.push(found.real)
    if (isFile(found.real) || isGlob) continue
    if (!statSync(found.real).isDirectory()) return missing('is neither a file nor a folder.')
    for (const name of readdirSync(found.real).toSorted()) {
      if (!manifestName.test(name)) continue
      const inside = confine(join(found.real, name), root)
      if ('wrong' in inside) return { ...inside, wrong: `contains ${name}, which ${inside.wrong}.` }
      if (isFile(inside.real)) paths.push(inside.real)
    }
  }
  if (paths.length > 0) return { paths }
  return missing(isGlob ? 'matches no YAML or JSON file.' : 'is a folder without YAML or JSON files of its own.')
}

/** The path without links, if it exists and is inside the workspace. */
function confine(path: string, root: string): { readonly real: string } | Refusal {
  if (!existsSync(resolve(root, path))) return missing('does not exist')
  const found = workspacePath(path, root)
  return 'real' in found ? found : { code: 'manifest-file-outside', wrong: found.wrong }
}

function missing(wrong: string): Refusal {
  return { code: 'manifest-file-missing', wrong }
}

function isFile(path: string): boolean {
  return statSync(path).isFile()
}
