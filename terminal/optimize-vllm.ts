/** `make optimize-vllm`: bakes the model into a snapshot and moves the vLLM pods of an existing cluster to nodes that boot from it. */
import { explainOptimize, optimizeOptions } from './src/optimize/options.ts'
import { phaseTitles, usualSeconds } from './src/optimize/optimize-run.ts'
import { optimizeVllm } from './src/optimize/optimize-vllm.ts'
import { runPhasedProgram } from './src/run/run-phased-program.ts'

await runPhasedProgram({
  name: 'optimize-vllm',
  about: 'Bakes the model and its image into an EBS snapshot, and rolls it out to the vLLM pods of an existing cluster.',
  options: optimizeOptions,
  explain: explainOptimize,
  phases: () => Object.values(phaseTitles),
  usualSeconds,
  work: optimizeVllm,
})
