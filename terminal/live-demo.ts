/** `make live-demo`: the guide's five lines, 0:00 to 1:45, target beside actual. */
import { InputError } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import { isSimulated, parseDuration } from '@prebake/action-kit'
import { liveDemo } from './src/demo/live-demo.ts'
import { findKubeconfig } from './src/discover/find-kubeconfig.ts'
import type { TerminalErrorCode } from './src/error-codes.ts'
import { openMemory, type Memory } from './src/memory/memory-file.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { projectDefaults } from './src/optimize/project-defaults.ts'
import { beginRun, endRun, isOpen } from './src/run/open-run.ts'
import { runProgram } from './src/run/run-program.ts'
import { noteScaled } from './src/run/scaled-state.ts'
import { createAsker } from './src/screen/ask.ts'
import { phasedReporter } from './src/screen/phased-reporter.ts'

let memory: Memory | undefined
await runProgram({
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
  async work(values, { terminal, folder, ...rest }) {
    memory = openMemory(folder)
    const reporter = phasedReporter(terminal, [], rest)
    const context = { ...rest, reporter }
    const to = Number(values.to ?? 5)
    const timeoutMs = parseDuration(values.timeout ?? '15m')
    if (!Number.isInteger(to) || to < 2 || timeoutMs === undefined) {
      const wrong = '--to must be a whole number from 2, and --timeout a duration.'
      throw new InputError([
        { code: 'option-malformed' satisfies TerminalErrorCode, input: 'live-demo', wrong, remedy: 'Give such as --to 5.' },
      ])
    }
    const { deployment = projectDefaults.deployment, namespace = projectDefaults.namespace } = values
    const cluster = { kubeconfig: findKubeconfig(values.kubeconfig, rest.env).path }
    const connection = await openCluster(cluster, rest, rest.signal)
    const asker = createAsker({ input: process.stdin, output: process.stdout, yes: values.yes === true }, rest.signal)
    await asker.confirm(`Scale ${deployment} at ${connection.address} to ${to} replicas? Each new one is a GPU node while it runs.`)
    asker.close()
    await beginRun(memory, context)
    const opened = memory
    await liveDemo({ deployment, namespace, to, timeoutMs }, connection, context, (replicas) => {
      if (values.keep !== true) noteScaled(opened, { cluster, deployment, namespace, replicas, set: [to] })
    })
    if (isSimulated(rest.env)) reporter.info('These seconds are simulated, not measured on AWS.')
    reporter.stop()
  },
  async cleanUp(_values, { terminal, ...rest }) {
    if (memory !== undefined && isOpen(memory)) await endRun(memory, { ...rest, reporter: phasedReporter(terminal, [], rest) })
  },
})
