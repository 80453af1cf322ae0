/** `make setup-infra`: a new cluster with Karpenter and the roles, and then all of optimize-vllm. What is there already is kept. */
import { setupInfra, setupTitles } from './src/infra/setup-infra.ts'
import { explainSetup, setupOptions } from './src/infra/setup-options.ts'
import { openMemory, type Memory } from './src/memory/memory-file.ts'
import { phaseTitles, usualSeconds } from './src/optimize/optimize-run.ts'
import { optimizeVllm } from './src/optimize/optimize-vllm.ts'
import { endRun, isOpen } from './src/run/open-run.ts'
import { runProgram } from './src/run/run-program.ts'
import { createAsker } from './src/screen/ask.ts'
import { phasedReporter } from './src/screen/phased-reporter.ts'

/** eksctl's documents: 15 to 20 minutes for a cluster; the roles are believed. */
const usual = { [setupTitles.cluster]: 1200, [setupTitles.roles]: 60, ...usualSeconds }

let memory: Memory | undefined
await runProgram({
  name: 'setup-infra',
  about: 'Makes an EKS cluster with Karpenter, and the roles for baking and rolling out; then bakes the model and rolls it out.',
  options: setupOptions,
  explain: explainSetup,
  async work(values, { terminal, folder, ...rest }) {
    memory = openMemory(folder)
    const titles = [...Object.values(setupTitles), ...(values['infra-only'] === true ? [] : Object.values(phaseTitles))]
    const seconds: Readonly<Record<string, number>> = { ...usual, ...memory.seconds() }
    const phases = titles.map((title) => ({ title, expectedSeconds: seconds[title] ?? 0 }))
    const reporter = phasedReporter(terminal, phases, rest)
    const asker = createAsker({ input: process.stdin, output: process.stdout, yes: values.yes === true }, rest.signal)
    const context = { ...rest, reporter }
    try {
      const optimize = await setupInfra(values, { memory, asker, folder, context })
      if (optimize !== undefined && values['infra-only'] !== true) await optimizeVllm(optimize, { memory, asker, folder, context })
    } finally {
      asker.close()
      reporter.stop()
    }
  },
  async cleanUp(_values, { terminal, ...rest }) {
    if (memory !== undefined && isOpen(memory)) await endRun(memory, { ...rest, reporter: phasedReporter(terminal, [], rest) })
  },
})
