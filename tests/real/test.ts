/**
 * `pnpm test:real [suite…] [jest's arguments]`: installs the real parts and runs the tests on them. Suites: `bake`, `moto`, `cluster`; none named: all.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildParts } from './cluster/build-parts.ts'
import { isolated } from './isolated.ts'
import { prepareRealParts } from './prepare.ts'

process.chdir(join(import.meta.dirname, '../..'))

/** How jest is run for each: the control plane has a network of its own, because Karpenter listens on all interfaces. */
const suites: Readonly<Record<string, { readonly prefix: readonly string[]; readonly prepare?: () => unknown }>> = {
  bake: { prefix: [] },
  moto: { prefix: [] },
  cluster: { prefix: isolated, prepare: buildParts },
}

const given = process.argv.slice(2)
const firstOther = given.findIndex((argument) => suites[argument] === undefined)
const named = firstOther === -1 ? given : given.slice(0, firstOther)
const rest = given.slice(named.length)

prepareRealParts()
const chosen = named.length > 0 ? named : Object.keys(suites)
for (const name of chosen) suites[name]?.prepare?.()
for (const name of chosen) {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  const args = [
    process.execPath,
    ...jest,
    '--config',
    `tests/real/jest.config.js`,
    ...rest,
    '--testMatch',
    `<rootDir>/tests/real/${name}/**/*.test.ts`,
  ]
  const [program = '', ...more] = [...(suites[name]?.prefix ?? []), ...args]
  const { status, error } = spawnSync(program, more, { stdio: 'inherit' })
  if (error) console.error(`Run the suite ${name}: ${error.message}`)
  if (status !== 0) process.exitCode = status ?? 1
}
