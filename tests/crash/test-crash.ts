/**
 * `pnpm test:crash`: kills builds and rollouts, injects faults, cancels them, and looks for what they leave. `--only crash|lost|fault|cancel` runs one matrix
 * (several: `--only crash,lost`), with `rollout-` in front those of a rollout; `--cases WORDS` only the faults, and of a rollout the cases, whose row
 * matches; `--share 2/3` of every three cases the second. `--write` writes docs/reliability.md and its tables.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cancelMatrix, cancelsAt } from './cancel-matrix.ts'
import { crashMatrix, crashesAt, recordPlaces } from './crash-matrix.ts'
import { faultCases, faultMatrix } from './fault-matrix.ts'
import { lossesAt, lostMatrix } from './lost-matrix.ts'
import { reportCancels, reportCrashes, reportFaults, reportLosses, reportShared, type Report } from './report.ts'
import { rolloutMatrices } from './rollout/rollout-matrices.ts'
import { chooseShare } from './share.ts'
import { sharedBuilds } from './shared-builds.ts'
import { asMarkdown, writeReliability } from './write-reliability.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { only: text, cases: text, share: text, write: { type: 'boolean' } } })

const bundle = join(import.meta.dirname, '../../actions/dist/index.js')
if (!existsSync(bundle)) throw new Error(`Test the bundle: ${bundle} is not there. Run \`pnpm bundle\` first.`)

const cases = new RegExp(values.cases ?? '')
/** Those of a track run one after the other. `lost` waits for timers most of its time and computes little, so it runs beside the others. */
const rollouts = rolloutMatrices((row) => cases.test(row))
const tracks = [['lost'], ['fault', 'cancel', 'crash', ...Object.keys(rollouts)]]
const names = tracks.flat()
const wanted = values.only?.split(',') ?? names
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`No matrix is called ${unknown.join(', ')}; there are ${names.join(', ')}.`)
if (values.write && (values.cases ?? values.share) !== undefined) throw new Error('Write whole tables: leave --cases and --share out.')
if (values.share !== undefined) chooseShare(values.share)

const isBuild = (name: string) => !(name in rollouts)
// One recording for all of them, on a machine that has nothing else to do.
const places = wanted.some(isBuild) ? await recordPlaces() : []
const matrices: Readonly<Record<string, () => Promise<readonly Report[]>>> = {
  lost: async () => [reportLosses(await lostMatrix(lossesAt(places)))],
  fault: async () => {
    const all = faultCases(places)
    return [reportFaults(await faultMatrix(all.filter(({ fault, where }) => cases.test(`${fault}, ${where}`))))]
  },
  cancel: async () => [reportCancels(await cancelMatrix(cancelsAt(places))), reportShared(await sharedBuilds(places))],
  crash: async () => [reportCrashes(await crashMatrix(crashesAt(places)))],
  ...rollouts,
}

async function runMatrix(name: string): Promise<readonly Report[]> {
  const start = Date.now()
  const reports = (await matrices[name]?.()) ?? []
  for (const report of reports) console.log(`\n## ${report.title}\n\n${asMarkdown(report)}`)
  console.error(`${name}: ${((Date.now() - start) / 1000).toFixed(0)} s`)
  if (values.write) writeReliability(name, reports)
  return reports
}

const tracked = await Promise.all(
  tracks.map(async (track) => {
    const reports: Report[] = []
    for (const name of track) if (wanted.includes(name)) reports.push(...(await runMatrix(name)))
    return reports
  }),
)
const all = tracked.flat()
const failures = all.reduce((sum, report) => sum + report.failures, 0)
if (all.length > 1) console.log(`\n${all.map(({ closing }) => closing).join('\n')}`)
if (failures > 0) console.error(`\nFAILED: ${failures} cases do not hold; they are named above.`)
process.exitCode = failures > 0 ? 1 : 0
