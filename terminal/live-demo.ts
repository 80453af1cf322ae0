/** `make live-demo`: the guide's five lines, 0:00 to 1:45, target beside actual. */
import { InputError } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import { isSimulated, parseDuration } from '@prebake/action-kit'
import { liveDemo } from './src/demo/live-demo.ts'
import { findKubeconfig } from './src/discover/find-kubeconfig.ts'
import type { TerminalErrorCode } from './src/error-codes.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { projectDefaults } from './src/optimize/project-defaults.ts'
import { beginRun } from './src/run/open-run.ts'
import { runPhasedProgram } from './src/run/run-phased-program.ts'
import { noteScaled } from './src/run/scaled-state.ts'

await runPhasedProgram({
  name: 'live-demo',
  about: 'Scales the Deployment up and says the lines of the demo when they are true. Puts the replicas back at the end.',
  options: { ...clusterOptions, to: { type: 'string' }, timeout: { type: 'string' }, keep: { type: 'boolean' }, yes: { type: 'boolean' } },
  explain: {
    ...explainCluster,
    to: 'Replicas to scale to. Default: 5.',
    timeout: 'Limit, such as 15m. Default: 15m.',
    keep: 'Leaves the replicas as they are at the end.',
    yes: 'Asks nothing.',
  },
  phases: () => [],
  usualSeconds: {},
  async work(values, { memory, asker, context }) {
    const to = Number(values.to ?? 5)
    const timeoutMs = parseDuration(values.timeout ?? '15m')
    if (!Number.isInteger(to) || to < 2 || timeoutMs === undefined) {
      const wrong = '--to must be a whole number from 2, and --timeout a duration.'
      throw new InputError([
        { code: 'option-malformed' satisfies TerminalErrorCode, input: 'live-demo', wrong, remedy: 'Give such as --to 5.' },
      ])
    }
    const { deployment = projectDefaults.deployment, namespace = projectDefaults.namespace } = values
    const cluster = { kubeconfig: findKubeconfig(values.kubeconfig, context.env).path }
    const connection = await openCluster(cluster, context, context.signal)
    await asker.confirm(`Scale ${deployment} at ${connection.address} to ${to} replicas? Each new one is a GPU node while it runs.`)
    // While a question may come, the terminal is in raw mode.
    asker.close()
    await beginRun(memory, context)
    await liveDemo({ deployment, namespace, to, timeoutMs }, connection, context, (replicas) => {
      if (values.keep !== true) noteScaled(memory, { cluster, deployment, namespace, replicas, set: [to] })
    })
    if (isSimulated(context.env)) context.reporter.info('These seconds are simulated, not measured on AWS.')
  },
})
