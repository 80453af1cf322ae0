import { listAt, numberAt, readField, textAt } from '@prebake/manifests'
import type { ClusterReader } from '../ports/cluster-reader.ts'
import type { Fact } from '../ports/fact.ts'
import type { PreflightPorts, PreflightRequest } from '../preflight-request.ts'
import { bakedNodeClasses, classesWithoutSnapshot, gpuArchitectures } from '../subject/baked-node-classes.ts'
import { quotaDemands } from '../subject/gpu-capacity.ts'
import { pinnedParameters } from '../subject/machine-images.ts'
import { snapshotVolumes } from '../subject/node-classes.ts'
import { gpuPods, placementsOf } from '../subject/placements.ts'
import { noFacts, type NodeClassSchema, type PreflightSubject } from '../subject/subject.ts'
import { gatherInstanceTypes } from './gather-instance-types.ts'
import { gatherNamespaces } from './gather-namespaces.ts'
import { gatherNodes } from './gather-nodes.ts'
import { readEach, readFact, readObject } from './read-facts.ts'

const noAccount = (what: string) => Promise.resolve({ unchecked: `no AWS account was given to look for ${what}` })

/**
 * Looks up what the rules need to know beside the manifests, and no more than these manifests need: a few requests, each once.
 * @throws CancelledError, and PrebakeError where the cluster cannot be reached at all.
 */
export async function gatherFacts(request: PreflightRequest, ports: PreflightPorts, signal: AbortSignal): Promise<PreflightSubject> {
  const { manifests, snapshotId } = request
  const { cluster, snapshots, quotas, machineImages } = ports
  const version = /^v?(\d+\.\d+)/.exec(await cluster.version(signal))?.[1]
  const nodes = await gatherNodes(manifests, cluster, signal)
  const region = /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:eks\.amazonaws\.com|api\.aws)/.exec(cluster.address)?.[1]
  const base = { manifests, snapshotId, cluster: { version, region }, facts: { ...noFacts, ...nodes } }
  const volumes = snapshotVolumes(base)
  const lacking = classesWithoutSnapshot(base)
  const usesRate = volumes.some(({ ebs }) => numberAt(ebs, 'volumeInitializationRate') !== undefined)

  const [snapshot, nodeClassSchema, namespaces, known] = await Promise.all([
    // The one that is rolled out too, for the NodeClasses that lack it.
    readEach(
      new Set([...volumes.map((volume) => volume.snapshotId), ...(lacking.length > 0 && snapshotId !== undefined ? [snapshotId] : [])]),
      (id) =>
        snapshots ? readFact(`${id} in ${snapshots.region}`, signal, () => snapshots.describe(id, signal)) : noAccount('the snapshot'),
    ),
    readEach(usesRate ? [''] : [], () => readSchema(cluster, signal)),
    gatherNamespaces(manifests, cluster, signal),
    needsInstanceTypes(base) ? gatherInstanceTypes(ports.instanceTypes, signal) : undefined,
  ])
  const facts = { ...base.facts, ...namespaces, snapshot, nodeClassSchema }
  const subject = { ...base, facts, instanceTypes: known?.types ?? [], instanceTypeSource: known?.source }
  // Which quotas and which images count depends on the instance types.
  const [vcpuQuota, machineImage] = await Promise.all([gatherQuotas(subject, quotas, signal), gatherImages(subject, machineImages, signal)])
  return { ...subject, facts: { ...facts, vcpuQuota, machineImage } }
}

function gatherQuotas(subject: PreflightSubject, quotas: PreflightPorts['quotas'], signal: AbortSignal) {
  return readEach(
    quotaDemands(subject).flatMap((demand) => demand.quotas),
    (quota) => (quotas ? readFact(`the quota of ${quota} instances`, signal, () => quotas.vcpus(quota, signal)) : noAccount('its quotas')),
  )
}

function gatherImages(subject: PreflightSubject, images: PreflightPorts['machineImages'], signal: AbortSignal) {
  const parameters = bakedNodeClasses(subject).flatMap((nodeClass) =>
    pinnedParameters(nodeClass, subject.cluster.version, gpuArchitectures(nodeClass, subject)),
  )
  return readEach(parameters, (name) =>
    images ? readFact(`the machine image ${name}`, signal, () => images.find(name, signal)) : noAccount('the machine image'),
  )
}

/** Some rule compares pods, or the volumes of their nodes, with what the allowed types have. */
function needsInstanceTypes(subject: Pick<PreflightSubject, 'manifests' | 'facts' | 'snapshotId'>): boolean {
  return gpuPods(subject).length > 0 || (snapshotVolumes(subject).length > 0 && placementsOf(subject).length > 0)
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
