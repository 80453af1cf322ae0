/**
 * `pnpm test:real [suite…] [jest's arguments]`: installs the real parts and runs the tests on them. Suites: `bake`, `moto`, `cluster`,
 * `node`; none named: all.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { isolated } from './isolated.ts'
import { prepareRealParts } from './prepare.ts'

interface Suite {
  /** What jest is run by. */
  readonly prefix: readonly string[]
  /** A program that must have ended well before. */
  readonly prepare?: string
}

process.chdir(join(import.meta.dirname, '../..'))

const suites: Readonly<Record<string, Suite>> = {
  bake: { prefix: [] },
  moto: { prefix: [] },
  // The control plane has a network of its own, because Karpenter listens on all interfaces.
  cluster: { prefix: isolated, prepare: 'tests/real/cluster/build-parts.ts' },
  // Its pods have networks of their own in that one.
  node: { prefix: isolated, prepare: 'tests/real/node/build-node-parts.ts' },
}

const given = process.argv.slice(2)
const firstOther = given.findIndex((argument) => suites[argument] === undefined)
const named = firstOther === -1 ? given : given.slice(0, firstOther)
const rest = given.slice(named.length)

prepareRealParts()
const chosen = Object.entries(suites).filter(([name]) => named.length === 0 || named.includes(name))
const prepared = new Map(chosen.map(([name, { prepare }]) => [name, prepare === undefined ? true : runBeside(prepare)]))
for (const [name, { prefix }] of chosen) {
  const passed = (await prepared.get(name)) === true && runSuite(name, prefix)
  if (!passed) process.exitCode = 1
}

/** Beside the suites that come before its own, which wait most of their time and have the first claim on the processor. @returns whether it ended well. */
async function runBeside(program: string): Promise<boolean> {
  const child = spawn('nice', ['-n', '19', process.execPath, program], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

function runSuite(name: string, prefix: readonly string[]): boolean {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  const files = ['--config', 'tests/real/jest.config.js', ...rest, '--testMatch', `<rootDir>/tests/real/${name}/**/*.test.ts`]
  const [program = '', ...more] = [...prefix, process.execPath, ...jest, ...files]
  const { status, error } = spawnSync(program, more, { stdio: 'inherit' })
  if (error) console.error(`Run the suite ${name}: ${error.message}`)
  return status === 0
}
