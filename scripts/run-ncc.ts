import { spawnSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'

/**
 * Bundles an entry and all that it imports into a folder, minified.
 * @param entry path of a file whose folder has a tsconfig.json
 * @param options further ones of `ncc build`
 * @throws Error with what ncc said
 */
export function runNcc(entry: string, into: string, options: readonly string[] = []): void {
  const ncc = join(import.meta.dirname, '../node_modules/@vercel/ncc/dist/ncc/cli.js')
  const args = ['build', basename(entry), '--out', into, '--minify', '--no-cache', ...options]
  const result = spawnSync(process.execPath, [ncc, ...args], { cwd: dirname(entry), encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`ncc failed:\n${result.stdout}${result.stderr}`)
}
