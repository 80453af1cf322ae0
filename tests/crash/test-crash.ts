/**
 * `pnpm test:crash`: kills builds, strikes them, and looks for what they leave. Names of matrices as arguments run only those.
 * `--write` puts the tables into docs/reliability.md.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { crashMatrix, crashesAt, recordPlaces } from './crash-matrix.ts'
import { faultCases, faultMatrix } from './fault-matrix.ts'
import { lossesAt, lostMatrix } from './lost-matrix.ts'
import { reportCrashes, reportFaults, reportLosses, type Report } from './report.ts'

const bundle = join(import.meta.dirname, '../../actions/dist/index.js')
if (!existsSync(bundle)) throw new Error(`Test the bundle: ${bundle} is not there. Run \`pnpm bundle\` first.`)

const only = new RegExp(process.env['ONLY_CASES'] ?? '')
const matrices: Readonly<Record<string, () => Promise<Report>>> = {
  crash: async () => reportCrashes(await crashMatrix(crashesAt(await places()))),
  fault: async () =>
    reportFaults(await faultMatrix(faultCases(await places()).filter(({ fault, where }) => only.test(`${fault} ${where}`)))),
  lost: async () => reportLosses(await lostMatrix(lossesAt(await places()))),
}

// One recording for all of them.
let recorded: ReturnType<typeof recordPlaces> | undefined
const places = () => (recorded ??= recordPlaces())

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = wanted.filter((name) => !Object.hasOwn(matrices, name))
if (unknown.length > 0) throw new Error(`No matrix is called ${unknown.join(', ')}; there are ${Object.keys(matrices).join(', ')}.`)

let failures = 0
const closings: string[] = []
for (const [name, run] of Object.entries(matrices)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const start = Date.now()
  const report = await run()
  console.log(`\n## ${report.title}\n\n${report.table}\n\n${report.closing}`)
  console.error(`${name}: ${((Date.now() - start) / 1000).toFixed(0)} s`)
  closings.push(report.closing)
  failures += report.failures
}
if (closings.length > 1) console.log(`\n${closings.toReversed().join('\n')}`)
process.exitCode = failures > 0 ? 1 : 0
