// Runs a TypeScript script of the project, or says in plain words what is missing. Plain JavaScript, so that the oldest Node can still read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const oldest = 24
const [script, ...args] = process.argv.slice(2)
const major = Number(process.versions.node.split('.')[0])

if (!existsSync(new URL('../node_modules/typescript', import.meta.url))) {
  fail('The dependencies are not installed.', 'Run `npx pnpm@12 install` and look at what it says; it needs to reach the npm registry.')
} else if (major < oldest) {
  fail(
    `This is Node ${process.versions.node}; prebake needs Node ${oldest} or newer.`,
    `On Linux (x64, arm64) it comes as a package with \`npx pnpm@12 install\`, which did not happen here. Elsewhere install Node ${oldest} from nodejs.org.`,
  )
} else {
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function fail(what, remedy) {
  console.error(`prebake: ${what} ${remedy}`)
  process.exitCode = 1
}
