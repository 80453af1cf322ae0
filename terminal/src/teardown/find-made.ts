import type { AwsConnection, InfraConnection } from '@prebake/aws'
import { waitFor, type Clock, type Reporter } from '@prebake/kernel'
import {
  isDeployment,
  isNodePool,
  nodeClaimKind,
  nodeClassKind,
  nodeClassOf,
  nodePoolKind,
  readField,
  referenceTo,
  titleOf,
  type KubernetesObject,
} from '@prebake/manifests'
import { snapshotMonthlyDollars, volumeMonthlyDollars, type Prices } from '@prebake/prices'
import type { Cluster } from '@prebake/rollout'
import { nodePoolLabel } from '@prebake/rollout/observe'
import { tagKeys } from '@prebake/snapshot-record'
import type { TerminalErrorCode } from '../error-codes.ts'

/** Something that prebake made, and how it goes. */
export interface Made {
  readonly title: string
  /** What it costs; undefined: nothing by itself. */
  readonly monthlyDollars: number | undefined
  readonly remove: (signal: AbortSignal) => Promise<unknown>
}

const nodeClassLabel = 'prebake.dev/nodeclass-of'
const podLabel = 'prebake.dev/nodeclass'
/** Karpenter drains a node before it ends it. */
const goneLimitMs = 15 * 60_000

/**
 * What is on the cluster by its labels: workloads that select a node of a baked NodeClass, NodePools that make one, NodeClasses; in the order in which they
 * go. Services and RBAC cost nothing and stay.
 */
export async function findOnCluster(cluster: Cluster, progress: Progress, signal: AbortSignal): Promise<readonly Made[]> {
  if ((await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)) === undefined) return []
  const nodeClasses = await cluster.list({ ...nodeClassKind, labelSelector: nodeClassLabel }, signal)
  const names = new Set(nodeClasses.map(({ metadata }) => metadata.name))
  const pools = (await cluster.list(nodePoolKind, signal)).filter((pool) => names.has(nodeClassOf(pool) ?? ''))
  const deployments = (await cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, signal)).filter(selectsBakedNodes)
  return [...deployments, ...pools, ...nodeClasses].map((object) => ({
    title: titleOf(object),
    monthlyDollars: undefined,
    async remove(stop) {
      await cluster.remove(referenceTo(object), stop)
      await awaitGone(object, cluster, progress, stop)
    },
  }))
}

interface Progress {
  readonly clock: Clock
  readonly reporter: Pick<Reporter, 'progress'>
}

/** A NodePool goes after its nodes, and a NodeClass after the NodeClaims that refer to it (Karpenter's finalizers). */
function awaitGone(object: KubernetesObject, cluster: Cluster, { clock, reporter }: Progress, signal: AbortSignal): Promise<void> {
  return waitFor<void>({
    awaited: `${titleOf(object)} to be gone`,
    code: 'teardown-incomplete' satisfies TerminalErrorCode,
    limitMs: goneLimitMs,
    everyMs: 5000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const claims = isNodePool(object)
        ? await cluster.list({ ...nodeClaimKind, labelSelector: `${nodePoolLabel}=${object.metadata.name}` }, signal)
        : []
      const there = (await cluster.get(referenceTo(object), signal)) !== undefined
      return there || claims.length > 0
        ? { state: `${titleOf(object)}: ${claims.length === 1 ? '1 node is' : `${claims.length} nodes are`} still there` }
        : { value: undefined }
    },
  })
}

function selectsBakedNodes(object: KubernetesObject): boolean {
  const selector = readField(object, 'spec.template.spec.nodeSelector')
  return isDeployment(object) && typeof selector === 'object' && selector !== null && podLabel in selector
}

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
