/** `pnpm test`: every check of the project, one after the other, and a closing line that counts. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { lintShell } from './lint-shell.ts'
import { lintWorkflows } from './lint-workflows.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)

const checks: readonly { readonly name: string; readonly run: () => boolean | Promise<boolean> }[] = [
  { name: 'types', run: () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json') },
  { name: 'lint', run: () => node('node_modules/oxlint/bin/oxlint', '--deny-warnings') },
  { name: 'format', run: () => node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
  {
    name: 'links',
    run: () =>
      node(
        ...['node_modules/remark-cli/cli.js', '--no-stdout', '--frail', '--quiet', '--ignore-pattern', '**/node_modules/**'],
        ...['--ignore-pattern', 'out/**', '--use', 'remark-gfm', '--use', 'remark-validate-links=repository:false', '.'],
      ),
  },
  { name: 'shellcheck', run: lintShell },
  { name: 'actionlint', run: lintWorkflows },
  { name: 'versions', run: () => node('scripts/versions.ts', '--check') },
  { name: 'infra template', run: () => node('scripts/infra-template.ts', '--check') },
  { name: 'readme', run: () => node('scripts/readme.ts', '--check') },
  { name: 'jest', run: () => node('--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js') },
  { name: 'bundle', run: () => node('scripts/bundle.ts', '--check') },
]

const failed: string[] = []
for (const { name, run } of checks) {
  const start = Date.now()
  const passed = await run()
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  if (!passed) failed.push(name)
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0

function node(...args: readonly string[]): boolean {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0
}
