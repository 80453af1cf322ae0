import { namedVariables, workflowContext } from '@prebake/action-kit'
import type { AwsConnection } from '@prebake/aws'
import { nodeClassKind, snapshotVolumesOf } from '@prebake/manifests'
import type { ReferenceSource } from '@prebake/prune'
import type { Cluster } from '@prebake/rollout'
import { snapshotIdsIn } from '@prebake/snapshot-record'
import type { PruneInputs } from './inputs.ts'
import { fileReferences } from './search-files.ts'

export interface Places {
  readonly aws: Pick<AwsConnection, 'snapshotReferences' | 'parameterReferences'>
  readonly cluster: Pick<Cluster, 'address' | 'discover' | 'list'> | undefined
  readonly workspace: string
}

/** Every place that may name a snapshot, as the inputs have it. @throws InputError for a path of `files` that is refused */
export async function gatherSources(given: PruneInputs, { aws, cluster, workspace }: Places): Promise<readonly ReferenceSource[]> {
  const { files, ssmPath, protect, variableScope, variableToken } = given
  const searched = files.filter((file) => file !== 'none')
  return [
    ...aws.snapshotReferences,
    ...(cluster === undefined ? [] : [nodeClassReferences(cluster)]),
    ...(ssmPath === 'none' ? [] : [aws.parameterReferences(ssmPath)]),
    ...(variableScope === 'none' ? [] : await variableReferences(given, variableToken ?? '')),
    ...(searched.length === 0 ? [] : [await fileReferences(searched, workspace)]),
    ...(protect === undefined ? [] : [textReferences('input `protect`', async () => [{ by: 'input `protect`', text: protect }])]),
  ]
}

/** Repositories whose snapshots may be deleted, in lower case: this one, and those that the inputs name. */
export async function prunedRepositories({ repositories }: Pick<PruneInputs, 'repositories'>): Promise<readonly string[]> {
  const { repository } = await workflowContext()
  const own = repository === undefined ? [] : [`${repository.owner}/${repository.repo}`]
  return [...new Set([...own, ...repositories].map((name) => name.toLowerCase()))]
}

/** EC2NodeClasses of a cluster; none where Karpenter is not installed. */
function nodeClassReferences(cluster: Pick<Cluster, 'address' | 'discover' | 'list'>): ReferenceSource {
  return textReferences(`EC2NodeClasses of ${cluster.address}`, async (signal) => {
    if ((await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)) === undefined) return []
    const nodeClasses = await cluster.list(nodeClassKind, signal)
    return nodeClasses.flatMap((nodeClass) =>
      snapshotVolumesOf(nodeClass).map(({ snapshotId }) => ({ by: `EC2NodeClass ${nodeClass.metadata.name}`, text: snapshotId })),
    )
  })
}

async function variableReferences(given: PruneInputs, token: string): Promise<readonly ReferenceSource[]> {
  const { apiUrl } = await workflowContext()
  return (await prunedRepositories(given)).map((name) => {
    const [owner = '', repo = ''] = name.split('/')
    return textReferences(`variables of ${name}`, async (signal) =>
      (await namedVariables({ owner, repo, token, apiUrl }, signal)).map((variable) => ({
        by: `variable ${variable.name} of ${name}`,
        text: variable.value,
      })),
    )
  })
}

/** A place of texts, each searched for IDs. */
function textReferences(
  title: string,
  read: (signal: AbortSignal) => Promise<readonly { readonly by: string; readonly text: string }[]>,
): ReferenceSource {
  return {
    title,
    async find(ids, signal) {
      const texts = await read(signal)
      return texts.flatMap(({ by, text }) =>
        snapshotIdsIn(text).flatMap((snapshotId) => (ids.includes(snapshotId) ? [{ snapshotId, by, makesVolumes: true }] : [])),
      )
    },
  }
}
