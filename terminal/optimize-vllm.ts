/** `make optimize-vllm`: bakes the model into a snapshot and moves the vLLM pods of an existing cluster to nodes that boot from it. */
import { openMemory, type Memory } from './src/memory/memory-file.ts'
import { explainOptimize, optimizeOptions } from './src/optimize/options.ts'
import { phaseTitles, usualSeconds } from './src/optimize/optimize-run.ts'
import { optimizeVllm } from './src/optimize/optimize-vllm.ts'
import { endRun, isOpen } from './src/run/open-run.ts'
import { runProgram } from './src/run/run-program.ts'
import { createAsker } from './src/screen/ask.ts'
import { phasedReporter } from './src/screen/phased-reporter.ts'

let memory: Memory | undefined
await runProgram({
  name: 'optimize-vllm',
  about: 'Bakes the model and its image into an EBS snapshot, and rolls it out to the vLLM pods of an existing cluster.',
  options: optimizeOptions,
  explain: explainOptimize,
  async work(values, { terminal, folder, ...rest }) {
    memory = openMemory(folder)
    const usual = { ...usualSeconds, ...memory.seconds() }
    const phases = Object.values(phaseTitles).map((title) => ({ title, expectedSeconds: usual[title] }))
    const reporter = phasedReporter(terminal, phases, rest)
    const asker = createAsker({ input: process.stdin, output: process.stdout, yes: values.yes === true }, rest.signal)
    try {
      await optimizeVllm(values, { memory, asker, folder, context: { ...rest, reporter } })
    } finally {
      asker.close()
      reporter.stop()
    }
  },
  async cleanUp(_values, { terminal, ...rest }) {
    if (memory !== undefined && isOpen(memory)) await endRun(memory, { ...rest, reporter: phasedReporter(terminal, [], rest) })
  },
})
