/** `make setup-infra`: a new cluster with Karpenter and the roles, and then all of optimize-vllm. What is there already is kept. */
import { setupInfra, setupTitles } from './src/infra/setup-infra.ts'
import { explainSetup, setupOptions } from './src/infra/setup-options.ts'
import { phaseTitles, usualSeconds } from './src/optimize/optimize-run.ts'
import { optimizeVllm } from './src/optimize/optimize-vllm.ts'
import { runPhasedProgram } from './src/run/run-phased-program.ts'

await runPhasedProgram({
  name: 'setup-infra',
  about: 'Makes an EKS cluster with Karpenter, and the roles for baking and rolling out; then bakes the model and rolls it out.',
  options: setupOptions,
  explain: explainSetup,
  phases: (values) => [...Object.values(setupTitles), ...(values['infra-only'] === true ? [] : Object.values(phaseTitles))],
  // eksctl's documents: 15 to 20 minutes for a cluster; the roles are believed.
  usualSeconds: { [setupTitles.cluster]: 1200, [setupTitles.roles]: 60, ...usualSeconds },
  async work(values, run) {
    const optimize = await setupInfra(values, run)
    if (optimize !== undefined && values['infra-only'] !== true) await optimizeVllm(optimize, run)
  },
})
