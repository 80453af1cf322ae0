import { InputError, type Clock, type Problem } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import type { ReferenceSource } from '@prebake/prune'
import { connectAws, type AwsConnection } from '@prebake/aws'
import type { Cluster } from '@prebake/rollout'
import { gatherSources } from './gather-sources.ts'
import type { PruneInputs } from './inputs.ts'

/**
 * Opens the account and the places that may name a snapshot. Nothing of it has been read yet.
 * @throws InputError with the problems of region, credentials, cluster and `files` at once
 */
export async function openPlaces(
  given: PruneInputs,
  { env, clock }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
  signal: AbortSignal,
): Promise<{ readonly aws: AwsConnection; readonly sources: readonly ReferenceSource[]; readonly cluster: Cluster | undefined }> {
  const problems: Problem[] = []
  const collect = (error: unknown) => {
    if (!(error instanceof InputError)) throw error
    problems.push(...error.problems)
    return undefined
  }
  const hasCluster = [given.clusterName, given.kubeconfig, env['KUBECONFIG'] || undefined].some((each) => each !== undefined)
  const [aws, connection] = await Promise.all([
    connectAws({ region: given.awsRegion ?? '', env }).catch(collect),
    hasCluster ? openCluster(given, { env, clock }, signal).catch(collect) : undefined,
  ])
  const nothing = { snapshotReferences: [], parameterReferences: () => ({ title: '', find: async () => [] }) }
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd()
  const sources = await gatherSources(given, { aws: aws ?? nothing, cluster: connection?.cluster, workspace }).catch(collect)
  if (aws === undefined || sources === undefined || problems.length > 0) throw new InputError(unique(problems))
  return { aws, sources, cluster: connection?.cluster }
}

/** A missing region is found by both the account and the cluster. */
const unique = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(({ input, wrong }, index) => index === problems.findIndex((each) => each.input === input && each.wrong === wrong))
