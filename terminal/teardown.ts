/** `make teardown`: shows what prebake made, by its tags and labels, with what it costs, and deletes it. */
import { connectAws, connectInfra } from '@prebake/aws'
import { openCluster } from '@prebake/kubernetes/access'
import { InputError } from '@prebake/kernel'
import { listPrices } from '@prebake/prices'
import { findKubeconfig } from './src/discover/find-kubeconfig.ts'
import { removeStack } from './src/infra/apply-stack.ts'
import { runTool } from './src/infra/run-tool.ts'
import { stackName } from './src/infra/setup-infra.ts'
import { openMemory } from './src/memory/memory-file.ts'
import { clusterOptions, explainCluster } from './src/optimize/options.ts'
import { runProgram, type ProgramContext } from './src/run/run-program.ts'
import { createAsker } from './src/screen/ask.ts'
import { phasedReporter, type PhasedReporter } from './src/screen/phased-reporter.ts'
import { findInAccount, findOnCluster, findStack, type Made } from './src/teardown/find-made.ts'
import { describeMade, tearDown } from './src/teardown/tear-down.ts'

const { namespace: _namespace, deployment: _deployment, ...options } = clusterOptions
await runProgram({
  name: 'teardown',
  about: 'Shows everything that prebake made in the account and on the cluster, and what it costs; deletes it when you agree.',
  options: {
    ...options,
    github: { type: 'string' },
    cluster: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean' },
  },
  explain: {
    ...explainCluster,
    github: 'Repository, owner/name, whose snapshots are yours too. Default: the one of setup-infra.',
    cluster: 'Deletes the EKS cluster as well, with eksctl.',
    'dry-run': 'Shows, and deletes nothing.',
    yes: 'Asks nothing.',
  },
  async work(values, { terminal, folder, ...rest }) {
    const { env, signal, clock } = rest
    const answers = openMemory(folder).answers()
    const reporter = phasedReporter(terminal, [], rest)
    const region = values.region ?? (env['AWS_REGION'] || answers['region'] || '')
    const [aws, infra] = await Promise.all([connectAws({ region, env }), connectInfra({ region, env })])
    const clusterName = values['cluster-name'] ?? answers['cluster-name'] ?? ''
    const onCluster = await lookAtCluster(values.kubeconfig, reporter, { terminal, folder, ...rest })
    const { made, foreign } = await findInAccount(aws, { prices: listPrices, repository: values.github ?? answers['repository'] }, signal)
    const stack = await findStack(
      stackName,
      infra,
      (stop) => removeStack(stackName, { stacks: infra.stacks, clock, reporter }, stop),
      signal,
    )
    const withCluster: Made[] =
      values.cluster === true && clusterName !== ''
        ? [
            {
              title: `EKS cluster ${clusterName}, with its VPC`,
              monthlyDollars: undefined,
              remove: (stop) => deleteCluster(clusterName, infra.region, env, stop),
            },
          ]
        : []
    const all = [...onCluster, ...made, ...stack, ...withCluster]
    reporter.info(`Account of region ${aws.region}\n${describeMade(all, foreign)}`)
    if (all.length === 0 || values['dry-run'] === true) return
    const asker = createAsker({ input: process.stdin, output: process.stdout, yes: values.yes === true }, signal)
    await asker.confirm('\nDelete all of it?')
    asker.close()
    await tearDown(all, reporter, signal)
  },
})

/** Without a kubeconfig the cluster may be gone, and the account is looked at alone. */
async function lookAtCluster(
  given: string | undefined,
  reporter: PhasedReporter,
  { env, clock, signal, terminal }: ProgramContext,
): Promise<readonly Made[]> {
  let kubeconfig
  try {
    kubeconfig = findKubeconfig(given, env).path
  } catch (error) {
    if (!(error instanceof InputError) || given !== undefined) throw error
    terminal.write('No kubeconfig: the cluster is not looked at.\n')
    return []
  }
  const { cluster, address } = await openCluster({ kubeconfig }, { env, clock }, signal)
  terminal.write(`Cluster at ${address}\n`)
  return findOnCluster(cluster, { clock, reporter }, signal)
}

const deleteCluster = (name: string, region: string, env: NodeJS.ProcessEnv, signal: AbortSignal) =>
  runTool('eksctl', ['delete', 'cluster', '--name', name, '--region', region, '--wait'], { env, signal })
