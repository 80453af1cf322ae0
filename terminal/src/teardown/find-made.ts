import type { AwsConnection, InfraConnection } from '@prebake/aws'
import {
  isDeployment,
  nodeClassKind,
  nodeClassOf,
  nodePoolKind,
  readField,
  referenceTo,
  titleOf,
  type KubernetesObject,
  type ObjectReference,
} from '@prebake/manifests'
import { snapshotMonthlyDollars, volumeMonthlyDollars, type Prices } from '@prebake/prices'
import type { Cluster } from '@prebake/rollout'
import { tagKeys } from '@prebake/snapshot-record'

/** Something that prebake made, and how it goes. */
export interface Made {
  readonly title: string
  /** What it costs; undefined: nothing by itself. */
  readonly monthlyDollars: number | undefined
  readonly remove: (signal: AbortSignal) => Promise<unknown>
}

const nodeClassLabel = 'prebake.dev/nodeclass-of'
const podLabel = 'prebake.dev/nodeclass'

/**
 * What is on the cluster by its labels: workloads that select a node of a baked NodeClass, NodePools that make one, NodeClasses; in the order in which they
 * go. Services and RBAC cost nothing and stay.
 */
export async function findOnCluster(cluster: Cluster, signal: AbortSignal): Promise<readonly Made[]> {
  if ((await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)) === undefined) return []
  const nodeClasses = await cluster.list({ ...nodeClassKind, labelSelector: nodeClassLabel }, signal)
  const names = new Set(nodeClasses.map(({ metadata }) => metadata.name))
  const pools = (await cluster.list(nodePoolKind, signal)).filter((pool) => names.has(nodeClassOf(pool) ?? ''))
  const deployments = (await cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, signal)).filter(selectsBakedNodes)
  return [...deployments, ...pools, ...nodeClasses].map((object) => ({
    title: titleOf(object),
    monthlyDollars: undefined,
    remove: (stop) => cluster.remove(referenceOf(object), stop),
  }))
}

function selectsBakedNodes(object: KubernetesObject): boolean {
  const selector = readField(object, 'spec.template.spec.nodeSelector')
  return isDeployment(object) && typeof selector === 'object' && selector !== null && podLabel in selector
}

const referenceOf = (object: KubernetesObject): ObjectReference => referenceTo(object)

export interface OfAccount {
  readonly made: readonly Made[]
  /** Snapshots that another repository made, which stay, by its name. */
  readonly foreign: readonly string[]
}

/**
 * What is in the account by the tag `prebake:run`: builders, their volumes, snapshots.
 * @param repository `owner/name`, whose runs count as one's own beside those at a terminal
 */
export async function findInAccount(
  { ownResources }: Pick<AwsConnection, 'ownResources'>,
  { prices, repository }: { readonly prices: Prices; readonly repository: string | undefined },
  signal: AbortSignal,
): Promise<OfAccount> {
  const [builders, volumes, snapshots] = await Promise.all([
    ownResources.builders(signal),
    ownResources.looseVolumes(signal),
    ownResources.snapshots(signal),
  ])
  const owner = ({ tags }: { readonly tags: Readonly<Record<string, string>> }) => tags[tagKeys.run]?.split('@')[1]
  const isOwn = (resource: { readonly tags: Readonly<Record<string, string>> }) =>
    owner(resource) === undefined || owner(resource) === repository
  return {
    foreign: snapshots.filter((snapshot) => !isOwn(snapshot)).map((snapshot) => `${snapshot.snapshotId} of ${owner(snapshot)}`),
    made: [
      ...builders.filter(isOwn).map(({ instanceId }) => ({
        title: `Instance ${instanceId}`,
        monthlyDollars: undefined,
        remove: (stop: AbortSignal) => ownResources.terminateBuilder(instanceId, stop),
      })),
      ...volumes.filter(isOwn).map(({ volumeId, sizeGiB }) => ({
        title: `Volume ${volumeId}, ${sizeGiB} GiB`,
        monthlyDollars: volumeMonthlyDollars({ sizeGiB, iops: 3000, throughputMiBps: 125 }, prices),
        remove: (stop: AbortSignal) => ownResources.deleteVolume(volumeId, stop),
      })),
      ...snapshots.filter(isOwn).map(({ snapshotId, storedGiB, volumeSizeGiB, tags }) => ({
        title: `Snapshot ${snapshotId}, ${tags[tagKeys.model] ?? 'no model'}`,
        monthlyDollars: snapshotMonthlyDollars(storedGiB ?? volumeSizeGiB, prices),
        remove: async (stop: AbortSignal) => {
          const deletion = await ownResources.deleteSnapshot(snapshotId, stop)
          if (deletion.outcome === 'in-use') throw new Error(deletion.reason)
        },
      })),
    ],
  }
}

/** The stack of the roles, where there is one. */
export async function findStack(
  name: string,
  { stacks }: Pick<InfraConnection, 'stacks'>,
  remove: (signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<readonly Made[]> {
  const found = await stacks.describe(name, signal)
  return found === undefined
    ? []
    : [{ title: `CloudFormation stack ${name} (roles, instance profile, security group)`, monthlyDollars: undefined, remove }]
}
