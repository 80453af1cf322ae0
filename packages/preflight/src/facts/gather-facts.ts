import { type KubernetesObject, listAt, type Manifest, numberAt, readField, textAt } from '@prebake/manifests'
import type { AccountQuotas, VcpuQuota } from '../ports/account-quotas.ts'
import type { ClusterReader } from '../ports/cluster-reader.ts'
import type { SnapshotDescription, SnapshotFacts } from '../ports/snapshot-facts.ts'
import type { Fact } from '../ports/fact.ts'
import { quotaDemands } from '../subject/gpu-capacity.ts'
import { instanceTypes } from './instance-type-table.ts'
import { manifestsOf } from '../subject/located.ts'
import { allBakedVolumes } from '../subject/node-classes.ts'
import { nodeClassNameOf, nodePoolsOf, serves } from '../subject/node-pools.ts'
import { podTemplatesOf, requestsOf, type PodTemplate } from '../subject/pod-templates.ts'
import { readEach, readFact, readObject, readObjects } from './read-facts.ts'
import { serveArguments } from '../subject/serve-arguments.ts'
import { readAutoscaler, type Autoscaler } from '../subject/autoscaler.ts'
import { noFacts, type NodeClassSchema, type OutsideFacts, type PreflightSubject } from '../subject/subject.ts'

export interface PreflightRequest {
  /** Filled in, with a namespace where their kind has them. */
  readonly manifests: readonly Manifest[]
  /** The snapshot that is rolled out, where it is known apart from the manifests: a NodeClass of the cluster's own is held against it. */
  readonly snapshotId?: string | undefined
}

export interface PreflightPorts {
  readonly cluster: ClusterReader
  /** Left out where there is no account to look into: what lies on a snapshot is then not checked. */
  readonly snapshots?: SnapshotFacts | undefined
  /** Left out likewise. */
  readonly quotas?: AccountQuotas | undefined
}

/**
 * Looks up what the rules need to know beside the manifests, and no more than these manifests need: a few requests, each once.
 * @throws CancelledError, and PrebakeError where the cluster cannot be reached at all.
 */
export async function gatherFacts(request: PreflightRequest, ports: PreflightPorts, signal: AbortSignal): Promise<PreflightSubject> {
  const { manifests, snapshotId } = request
  const { cluster, snapshots, quotas } = ports
  const pods = podTemplatesOf({ manifests })
  const version = /^v?(\d+\.\d+)/.exec(await cluster.version(signal))?.[1]
  const nodes = await gatherNodes(manifests, pods, cluster, signal)
  const region = /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.eks\.amazonaws\.com/.exec(cluster.address)?.[1]
  const subject = { manifests, snapshotId, cluster: { version, region }, facts: { ...noFacts, ...nodes }, instanceTypes }
  const volumes = allBakedVolumes(subject)

  const [snapshot, nodeClassSchema, vcpuQuota, around] = await Promise.all([
    readEach(
      volumes.map((volume) => volume.snapshotId),
      (id) => describeSnapshot(id, snapshots, signal),
    ),
    readEach(volumes.some(({ ebs }) => numberAt(ebs, 'volumeInitializationRate') !== undefined) ? [''] : [], () =>
      readSchema(cluster, signal),
    ),
    readEach(
      quotaDemands(subject).flatMap((demand) => demand.quotas),
      (quota) => readQuota(quota, quotas, signal),
    ),
    gatherSurroundings(manifests, pods, cluster, signal),
  ])
  return { ...subject, facts: { ...subject.facts, ...around, snapshot, nodeClassSchema, vcpuQuota } }
}

/** NodePools and NodeClasses that the manifests rely on without having them. */
async function gatherNodes(
  manifests: readonly Manifest[],
  pods: readonly PodTemplate[],
  cluster: ClusterReader,
  signal: AbortSignal,
): Promise<Pick<OutsideFacts, 'nodePools' | 'nodeClass'>> {
  const onGpus = pods.filter((pod) => requestsOf(pod).gpus > 0)
  const lacking = onGpus.length > 0 && manifestsOf({ manifests }, 'karpenter.sh', 'NodePool').length === 0
  const nodePools = await readEach(lacking ? [''] : [], () =>
    readObjects(cluster, 'NodePools', { apiVersion: 'karpenter.sh/v1', kind: 'NodePool' }, signal),
  )
  const pools = nodePoolsOf({ manifests, facts: { ...noFacts, nodePools } }).filter(
    (pool) => !pool.live || onGpus.some(({ spec }) => serves(pool, spec)),
  )
  const given = manifestsOf({ manifests }, 'karpenter.k8s.aws', 'EC2NodeClass').map(({ object }) => object.metadata.name)
  const named = pools.flatMap((pool) => nodeClassNameOf(pool) ?? []).filter((name) => !given.includes(name))
  const nodeClass = await readEach(named, (name) =>
    readObject(cluster, `EC2NodeClass ${name}`, { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', name }, signal),
  )
  return { nodePools, nodeClass }
}

/** What is in the pods' namespaces. */
async function gatherSurroundings(
  manifests: readonly Manifest[],
  pods: readonly PodTemplate[],
  cluster: ClusterReader,
  signal: AbortSignal,
): Promise<Pick<OutsideFacts, 'namespace' | 'deployment' | 'autoscalers' | 'services'>> {
  const deployments = manifestsOf({ manifests }, 'apps', 'Deployment').map(({ object }) => object)
  const given = manifestsOf({ manifests }, '', 'Namespace').map(({ object }) => object.metadata.name)
  const withHostPath = pods.filter(({ spec }) => listAt(spec, 'volumes').some((volume) => readField(volume, 'hostPath') !== undefined))
  const linked = pods.filter(
    ({ spec, containers }) => spec['enableServiceLinks'] !== false && containers.some(({ fields }) => serveArguments(fields) !== undefined),
  )
  const onGpus = pods.filter((pod) => pod.workload.object.kind === 'Deployment' && requestsOf(pod).gpus > 0)
  const namespaceOf = ({ metadata }: KubernetesObject) => metadata.namespace ?? 'default'

  const [namespace, deployment, autoscalers, services] = await Promise.all([
    readEach(
      withHostPath.map((pod) => pod.namespace).filter((name) => !given.includes(name)),
      async (name) => {
        const read = await readObject(cluster, `Namespace ${name}`, { apiVersion: 'v1', kind: 'Namespace', name }, signal)
        return 'value' in read ? { value: read.value && (read.value.metadata.labels ?? {}) } : read
      },
    ),
    readEach(
      onGpus.map((pod) => `${pod.namespace}/${pod.workload.object.metadata.name}`),
      (key) => {
        const [inside = '', name = ''] = key.split('/')
        return readObject(cluster, `Deployment ${key}`, { apiVersion: 'apps/v1', kind: 'Deployment', name, namespace: inside }, signal)
      },
    ),
    readEach(deployments.filter((object) => readField(object, 'spec.replicas') !== undefined).map(namespaceOf), (name) =>
      readAutoscalers(cluster, name, signal),
    ),
    readEach(
      linked.map((pod) => pod.namespace),
      (name) => readObjects(cluster, `Services in ${name}`, { apiVersion: 'v1', kind: 'Service', namespace: name }, signal),
    ),
  ])
  return { namespace, deployment, autoscalers, services }
}

async function describeSnapshot(
  snapshotId: string,
  snapshots: SnapshotFacts | undefined,
  signal: AbortSignal,
): Promise<Fact<SnapshotDescription | undefined>> {
  if (snapshots === undefined) return { unchecked: 'no AWS account was given to look for the snapshot' }
  return readFact(`${snapshotId} in ${snapshots.region}`, signal, () => snapshots.describe(snapshotId, signal))
}

async function readQuota(quota: VcpuQuota, quotas: AccountQuotas | undefined, signal: AbortSignal): Promise<Fact<number | undefined>> {
  if (quotas === undefined) return { unchecked: 'no AWS account was given to look for its quotas' }
  return readFact(`the quota of ${quota} instances`, signal, () => quotas.vcpus(quota, signal))
}

async function readSchema(cluster: ClusterReader, signal: AbortSignal): Promise<Fact<NodeClassSchema | undefined>> {
  const name = 'ec2nodeclasses.karpenter.k8s.aws'
  const reference = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name }
  const read = await readObject(cluster, `CustomResourceDefinition ${name}`, reference, signal)
  if ('unchecked' in read) return read
  const version = listAt(read.value, 'spec.versions').find((candidate) => textAt(candidate, 'name') === 'v1')
  const spec = 'schema.openAPIV3Schema.properties.spec.properties.blockDeviceMappings.items.properties.ebs.properties'
  const ebs = readField(version, spec)
  return { value: ebs === undefined ? undefined : { volumeInitializationRate: readField(ebs, 'volumeInitializationRate') !== undefined } }
}

async function readAutoscalers(cluster: ClusterReader, namespace: string, signal: AbortSignal): Promise<Fact<readonly Autoscaler[]>> {
  const kinds = [
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
  ]
  const found = await Promise.all(
    kinds.map((kind) => readObjects(cluster, `${kind.kind}s in ${namespace}`, { ...kind, namespace }, signal)),
  )
  const unread = found.find((fact) => 'unchecked' in fact)
  return unread ?? { value: found.flatMap((fact) => ('value' in fact ? fact.value : [])).map(readAutoscaler) }
}
