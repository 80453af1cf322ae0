/** `make benchmark`: runs the action scale-benchmark here, with its cleanup, as a workflow would. */
import { runBenchmark } from './src/benchmark/run-benchmark.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { runProgram } from './src/run/run-program.ts'

let cleanUp: (() => Promise<unknown>) | undefined
await runProgram({
  name: 'benchmark',
  about: 'Measures how long new replicas take to start, phase by phase, with the action scale-benchmark; what it changes is put back.',
  options: { ...clusterOptions, input: { type: 'string', multiple: true } },
  explain: {
    ...explainCluster,
    input: 'Any other input of scale-benchmark, as name=value: from=1, to=5, candidate=in-place. May be given again.',
  },
  work: (values, context) => runBenchmark(values, context, (post) => (cleanUp = post)),
  async cleanUp() {
    await cleanUp?.()
  },
})
