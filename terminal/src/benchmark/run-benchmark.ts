import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from '@prebake/action-kit/testing'
import { PrebakeError } from '@prebake/kernel'
import { findKubeconfig } from '../discover/find-kubeconfig.ts'
import type { TerminalErrorCode } from '../error-codes.ts'
import { openMemory } from '../memory/memory-file.ts'
import type { clusterOptions } from '../optimize/options.ts'
import { readSnapshotId } from '../optimize/read-snapshot-id.ts'
import { recordFolder } from '../run/open-run.ts'
import type { ProgramContext } from '../run/run-program.ts'
import { plainStepLine } from './plain-step-lines.ts'
import { stepInputs } from './step-inputs.ts'

type ClusterValues = Readonly<Partial<Record<keyof typeof clusterOptions, string>>>

/**
 * Runs scale-benchmark as a step of a workflow: the same program, with its state and outputs in files.
 * @param onStarted is given the cleanup, which must run whatever the outcome
 * @throws PrebakeError `benchmark-failed`; the action has then printed its own error
 */
export async function runBenchmark(
  values: ClusterValues & { readonly input?: readonly string[] },
  { terminal, folder, env, signal }: ProgramContext,
  onStarted: (cleanUp: (() => Promise<unknown>) | undefined) => void,
): Promise<void> {
  const action = join(import.meta.dirname, '../../../actions/scale-benchmark')
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
  onStarted(post)
  if (main.summary !== '') terminal.write(`\n${main.summary}\n`)
  for (const name of ['report', 'report-html']) if (main.outputs[name]) terminal.write(`${name}: ${main.outputs[name]}\n`)
  if (main.exitCode !== 0) {
    const code = 'benchmark-failed' satisfies TerminalErrorCode
    throw new PrebakeError('Measure the scale-up: the action failed.', { code, hint: 'Its own error stands above.' })
  }
}

function print(terminal: { write(text: string): unknown }, line: string): void {
  const plain = plainStepLine(line)
  if (plain !== undefined) terminal.write(`${plain}\n`)
}

/** What optimize-vllm has found out in this folder need not be given again. */
function knownInputs(values: ClusterValues, kubeconfig: string, folder: string) {
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
