/**
 * `pnpm demo`: plan → bake → publish → roll out → measure → comment on the pull request → prune, by the real action bundle on real clients, against the simulator.
 * `--timings` prints every delay that is played, with its source; `--seed <number>` repeats a run;
 * `--fault <name>` rolls out with a fault instead, and lets diagnose-startup name it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startSimulator, timings } from '@prebake/simulator'
import { checkDemo } from './demo/check-demo.ts'
import { createNarrator } from './demo/narrator.ts'
import { createStepRunner, StepFailed } from './demo/step-runner.ts'
import { playDemo } from './demo/play-demo.ts'
import { playFault } from './demo/play-fault.ts'
import { readOptions, type DemoOptions } from './demo/read-options.ts'
import { writeProducts } from './demo/write-products.ts'

const options = readOptions(process.argv.slice(2))
if ('text' in options) {
  console.error(options.text)
  process.exitCode = options.exitCode
} else if (options.timings) {
  for (const [name, { seconds, meaning, source }] of Object.entries(timings)) {
    console.log(`${name.padEnd(30)} ${String(seconds).padStart(8)} s  ${meaning}\n${' '.repeat(43)}${source}`)
  }
} else {
  process.exitCode = (await demo(options)) ? 0 : 1
}

async function demo({ seed, fault }: DemoOptions): Promise<boolean> {
  const root = join(import.meta.dirname, '..')
  const products = join(root, 'out/demo')
  rmSync(products, { recursive: true, force: true })
  mkdirSync(products, { recursive: true })
  const narrator = createNarrator(process.stdout)
  narrator.opening(seed)

  const simulator = await startSimulator({ seed, journalFile: join(products, 'requests.jsonl') })
  // A Ctrl-C ends the step that runs, too: it has the terminal's process group. The simulator's machines end with it.
  process.once('SIGINT', () => void simulator.stop().then(() => process.exit(130)))
  try {
    const run = createStepRunner(root, products, simulator, narrator)
    if (fault !== undefined) {
      const failures = await playFault(fault, simulator, run, products)
      narrator.faultEnd(failures)
      return failures.length === 0
    }
    const steps = await playDemo(simulator, run, products)
    const comment = writeProducts(steps, simulator, products)
    const failures = checkDemo(steps, simulator)
    narrator.closing(failures, { products, requests: simulator.requests().length, comment })
    return failures.length === 0
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    narrator.closing([error.message], { products, requests: simulator.requests().length, comment: '' })
    return false
  } finally {
    await simulator.stop()
  }
}
