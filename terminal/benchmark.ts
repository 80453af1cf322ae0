/** `make benchmark`: runs the action scale-benchmark here, with its cleanup, as a workflow would. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PrebakeError } from '@prebake/kernel'
import { runStep } from '@prebake/action-kit/testing'
import { plainStepLine } from './src/benchmark/plain-step-lines.ts'
import { findKubeconfig } from './src/discover/find-kubeconfig.ts'
import type { TerminalErrorCode } from './src/error-codes.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { openMemory } from './src/memory/memory-file.ts'
import { readSnapshotId } from './src/optimize/read-snapshot-id.ts'
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
    const inputs = stepInputs(action, knownInputs(values, kubeconfig, folder), values.input ?? [])
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

/** What optimize-vllm has found out in this folder need not be given again. */
function knownInputs(values: Readonly<Partial<Record<keyof typeof clusterOptions, string>>>, kubeconfig: string, folder: string) {
  const answers = openMemory(folder).answers()
  const variables = [
    ['NODE_ROLE', answers['node-role']],
    ['CLUSTER_NAME', values['cluster-name'] ?? answers['cluster-name']],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
  const texts: Readonly<Record<string, string | undefined>> = {
    kubeconfig,
    comment: 'false',
    variables: variables.join('\n'),
    'snapshot-id': readSnapshotId(folder),
    'aws-region': values.region ?? answers['region'],
    deployment: values.deployment,
    namespace: values.namespace,
  }
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
