/** `make benchmark`: runs the action scale-benchmark here, with its cleanup, as a workflow would. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PrebakeError } from '@prebake/kernel'
import { runStep } from '@prebake/action-kit/testing'
import { plainStepLine } from './src/benchmark/plain-step-lines.ts'
import { findKubeconfig } from './src/discover/find-kubeconfig.ts'
import type { TerminalErrorCode } from './src/error-codes.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { recordFolder } from './src/run/open-run.ts'
import { runProgram } from './src/run/run-program.ts'
import { stepInputs } from './src/benchmark/step-inputs.ts'

let cleanUp: (() => Promise<unknown>) | undefined
await runProgram({
  name: 'benchmark',
  about: 'Measures how long new replicas take to start, phase by phase, with the action scale-benchmark; what it changes is put back.',
  options: { ...clusterOptions, input: { type: 'string', multiple: true } },
  explain: {
    ...explainCluster,
    input: 'Any other input of scale-benchmark, as name=value: from=1, to=5, snapshot-id=snap-…. May be given again.',
  },
  async work(values, { terminal, folder, env, signal }) {
    const action = join(import.meta.dirname, '../actions/scale-benchmark')
    const { path: kubeconfig } = findKubeconfig(values.kubeconfig, env)
    const inputs = stepInputs(
      action,
      {
        kubeconfig,
        comment: 'false',
        ...(values.deployment && { deployment: values.deployment, candidate: 'in-place' }),
        ...(values.namespace && { namespace: values.namespace }),
      },
      values.input ?? [],
    )
    const temp = recordFolder(folder)
    mkdirSync(temp, { recursive: true })
    let child = 0
    signal.addEventListener('abort', () => process.kill(child, 'SIGINT'), { once: true })
    const { main, post } = await runStep({
      action,
      inputs,
      // The action's own rules for a pull request have no place here.
      environment: Object.fromEntries(
        Object.entries(env).filter(([name, value]) => value !== undefined && !/^(INPUT|STATE|GITHUB)_/.test(name)),
      ) as Record<string, string>,
      workspace: folder,
      temp,
      onStart: (pid) => (child = pid),
      onLine: (line) => print(terminal, line),
    })
    cleanUp = post
    if (main.summary !== '') terminal.write(`\n${main.summary}\n`)
    for (const name of ['report', 'report-html']) if (main.outputs[name]) terminal.write(`${name}: ${main.outputs[name]}\n`)
    if (main.exitCode !== 0) {
      const code = 'benchmark-failed' satisfies TerminalErrorCode
      throw new PrebakeError('Measure the scale-up: the action failed.', { code, hint: 'Its own error stands above.' })
    }
  },
  async cleanUp() {
    await cleanUp?.()
  },
})

function print(terminal: { write(text: string): unknown }, line: string): void {
  const plain = plainStepLine(line)
  if (plain !== undefined) terminal.write(`${plain}\n`)
}
