/**
 * `pnpm bundle` writes actions/dist; `pnpm bundle --check` builds it again elsewhere and compares, byte for byte.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { minifySync } from '@swc/core'
import { runNcc } from './run-ncc.ts'

const root = join(import.meta.dirname, '..')
const committed = join(root, 'actions/dist')
/** The whole repository is downloaded by every job that uses an action (DESIGN §4.21). */
const largestMiB = 10

const built = mkdtempSync(join(tmpdir(), 'prebake-bundle-'))
try {
  build(built)
  const size = filesOf(built).reduce((sum, file) => sum + readFileSync(join(built, file)).length, 0) / 2 ** 20
  if (size > largestMiB) throw new Error(`The bundle has ${size.toFixed(1)} MiB; at most ${largestMiB} are allowed.`)
  if (process.argv.includes('--check')) {
    const differing = differences(built, committed)
    if (differing.length > 0)
      throw new Error(`actions/dist is not what the sources give: ${differing.join(', ')}. Run \`pnpm bundle\` and commit the result.`)
    console.log(`bundle: ${filesOf(built).length} files, ${size.toFixed(1)} MiB, as committed`)
  } else {
    rmSync(committed, { recursive: true, force: true })
    cpSync(built, committed, { recursive: true })
    console.log(`bundle: ${filesOf(built).length} files, ${size.toFixed(1)} MiB`)
  }
} catch (error) {
  console.error(`bundle: ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  rmSync(built, { recursive: true, force: true })
}

function build(folder: string): void {
  runNcc(join(root, 'actions/entry.ts'), folder, ['--license', 'licenses.txt'])
  // Class names are kept, since errors say theirs.
  const options = { module: true, compress: { keep_classnames: true }, mangle: { keep_classnames: true } }
  // ncc minifies its entry only; the lazy chunks are most of the weight.
  for (const chunk of filesOf(folder).filter((file) => file.endsWith('.index.js'))) {
    const file = join(folder, chunk)
    writeFileSync(file, minifySync(readFileSync(file, 'utf8'), options).code)
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

function differences(left: string, right: string): string[] {
  const names = new Set([...filesOf(left), ...filesOf(right)])
  return [...names].filter((name) => !sameContent(join(left, name), join(right, name)))
}

function sameContent(left: string, right: string): boolean {
  try {
    return readFileSync(left).equals(readFileSync(right))
  } catch {
    return false
  }
}
