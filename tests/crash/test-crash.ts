/**
 * `pnpm test:crash`: kills builds, strikes them, cancels them, and looks for what they leave. `--only crash|lost|fault|cancel` runs one matrix (several:
 * `--only crash,lost`), `--cases WORDS` only the faults whose row matches; `--write` puts the tables into docs/reliability.md.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cancelMatrix, cancelsAt } from './cancel-matrix.ts'
import { crashMatrix, crashesAt, recordPlaces } from './crash-matrix.ts'
import { faultCases, faultMatrix } from './fault-matrix.ts'
import { lossesAt, lostMatrix } from './lost-matrix.ts'
import { reportCancels, reportCrashes, reportFaults, reportLosses, reportShared, type Report } from './report.ts'
import { sharedBuilds } from './shared-builds.ts'
import { asMarkdown, writeReliability } from './write-reliability.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, cases: { type: 'string' }, write: { type: 'boolean' } } })

const bundle = join(import.meta.dirname, '../../actions/dist/index.js')
if (!existsSync(bundle)) throw new Error(`Test the bundle: ${bundle} is not there. Run \`pnpm bundle\` first.`)

const cases = new RegExp(values.cases ?? '')
const matrices: Readonly<Record<string, () => Promise<readonly Report[]>>> = {
  lost: async () => [reportLosses(await lostMatrix(lossesAt(await places())))],
  fault: async () => {
    const all = faultCases(await places())
    return [reportFaults(await faultMatrix(all.filter(({ fault, where }) => cases.test(`${fault}, ${where}`))))]
  },
  cancel: async () => [reportCancels(await cancelMatrix(cancelsAt(await places()))), reportShared(await sharedBuilds(await places()))],
  crash: async () => [reportCrashes(await crashMatrix(crashesAt(await places())))],
}

// One recording for all of them.
let recorded: ReturnType<typeof recordPlaces> | undefined
const places = () => (recorded ??= recordPlaces())

const wanted = values.only?.split(',') ?? Object.keys(matrices)
const unknown = wanted.filter((name) => !Object.hasOwn(matrices, name))
if (unknown.length > 0) throw new Error(`No matrix is called ${unknown.join(', ')}; there are ${Object.keys(matrices).join(', ')}.`)
if (values.write && values.cases !== undefined) throw new Error('Write whole tables: leave --cases out.')

let failures = 0
const closings: string[] = []
for (const [name, run] of Object.entries(matrices)) {
  if (!wanted.includes(name)) continue
  const start = Date.now()
  const reports = await run()
  for (const report of reports) console.log(`\n## ${report.title}\n\n${asMarkdown(report)}`)
  console.error(`${name}: ${((Date.now() - start) / 1000).toFixed(0)} s`)
  if (values.write) writeReliability(name, reports)
  closings.push(...reports.map(({ closing }) => closing))
  failures += reports.reduce((sum, report) => sum + report.failures, 0)
}
if (closings.length > 1) console.log(`\n${closings.join('\n')}`)
if (failures > 0) console.error(`\nFAILED: ${failures} cases do not hold; they are named above.`)
process.exitCode = failures > 0 ? 1 : 0
