/**
 * `pnpm bench [name…]`: figures that the project promises, as medians, each beside what it is compared with. Never a test: machines are noisy.
 */
import { build } from './build.ts'
import { download } from './download.ts'
import { firstLine } from './first-line.ts'
import { preflightTime } from './preflight.ts'
import { lastReady } from './last-ready.ts'
import { logGrammar, report } from './report.ts'
import { rollout } from './rollout.ts'
import { starts } from './starts.ts'
import { wallTime } from './wall-time.ts'
import { watch } from './watch.ts'

const figures: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'first-line': firstLine,
  download,
  build,
  preflight: preflightTime,
  rollout,
  watch,
  'log-grammar': logGrammar,
  report,
  'last-ready': lastReady,
  demo: () => wallTime('demo on a warm install', ['scripts/demo.ts', '--seed', '1'], 60),
  test: () => wallTime('test on a warm install', ['scripts/test.ts'], 180),
}

/** What needs root and half an hour, and runs only when it is named. */
const onlyNamed: Readonly<Record<string, () => Promise<readonly string[]>>> = { starts }

const wanted = process.argv.slice(2)
const all = { ...figures, ...onlyNamed }
const unknown = wanted.filter((name) => all[name] === undefined)
if (unknown.length > 0) {
  console.error(`bench: no figure is called ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}.`)
  process.exitCode = 1
} else {
  for (const [name, measure] of Object.entries(wanted.length > 0 ? all : figures)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const line of await measure()) console.log(line)
  }
}
