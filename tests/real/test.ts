/**
 * `pnpm test:real [suite…] [jest's arguments]`: installs the real parts and runs the tests on them. Suites: `bake`, `moto`, `page`,
 * `cluster`, `terminal`, `act`, `node`; none named: all but `node`, which takes longer than they do.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isolated } from './isolated.ts'
import { judgeGround, lookAtGround } from './node/check-ground.ts'
import { removeCgroups } from './node/machine/cgroups.ts'
import { prepareRealParts } from './prepare.ts'

interface Suite {
  /** What jest is run by. */
  readonly prefix: readonly string[]
  /** A program that must have ended well before. */
  readonly prepare?: string
  /** Removes what outlives processes. */
  readonly cleanUp?: () => void
  /** Runs only when it is named. */
  readonly onlyNamed?: boolean
  /** What this machine lacks for it, a line each: said before anything starts. */
  readonly missing?: () => readonly string[]
}

process.chdir(join(import.meta.dirname, '../..'))

const suites: Readonly<Record<string, Suite>> = {
  bake: { prefix: [] },
  moto: { prefix: [] },
  page: { prefix: [] },
  // The control plane has a network of its own, because Karpenter listens on all interfaces.
  cluster: { prefix: isolated, prepare: 'tests/real/cluster/build-parts.ts' },
  terminal: { prefix: isolated, prepare: 'tests/real/cluster/build-parts.ts' },
  act: { prefix: isolated, prepare: 'tests/real/act/build-act.ts' },
  // Its pods have networks of their own in that one.
  node: {
    prefix: isolated,
    prepare: 'tests/real/node/build-node-parts.ts',
    missing: () => judgeGround(lookAtGround(tmpdir())),
    cleanUp: removeCgroups,
    onlyNamed: true,
  },
}

const given = process.argv.slice(2)
const firstOther = given.findIndex((argument) => suites[argument] === undefined)
const named = firstOther === -1 ? given : given.slice(0, firstOther)
const rest = given.slice(named.length)

const chosen = Object.entries(suites).filter(([name, { onlyNamed }]) => (named.length === 0 ? onlyNamed !== true : named.includes(name)))
const lacking = chosen.flatMap(([, { missing }]) => missing?.() ?? [])
if (lacking.length > 0) {
  for (const line of lacking) console.error(line)
  process.exit(1)
}
prepareRealParts()
// One after the other: they build some of the same.
let last: Promise<boolean> = Promise.resolve(true)
const prepared = new Map(
  chosen.map(([name, { prepare }]) => {
    if (prepare !== undefined) last = last.then(() => runBeside(prepare))
    return [name, prepare === undefined ? true : last] as const
  }),
)
for (const [name, { prefix, cleanUp }] of chosen) {
  const passed = (await prepared.get(name)) === true && runSuite(name, prefix)
  cleanUp?.()
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
