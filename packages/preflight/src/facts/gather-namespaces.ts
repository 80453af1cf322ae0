import { readField, type KubernetesObject, type Manifest } from '@prebake/manifests'
import type { ClusterReader } from '../ports/cluster-reader.ts'
import type { Fact } from '../ports/fact.ts'
import { hostPathsOf } from '../subject/host-paths.ts'
import { manifestsOf } from '../subject/located.ts'
import { readAutoscaler } from '../subject/namespaces.ts'
import { requestsOf } from '../subject/pod-resources.ts'
import { linkedPods, podTemplatesOf } from '../subject/pod-templates.ts'
import type { Autoscaler, OutsideFacts } from '../subject/subject.ts'
import { readEach, readObject, readObjects } from './read-facts.ts'

/** What is in the pods' namespaces. */
export async function gatherNamespaces(
  manifests: readonly Manifest[],
  cluster: ClusterReader,
  signal: AbortSignal,
): Promise<Pick<OutsideFacts, 'namespace' | 'deployment' | 'autoscalers' | 'services'>> {
  const deployments = manifestsOf({ manifests }, 'apps', 'Deployment').map(({ object }) => object)
  const given = manifestsOf({ manifests }, '', 'Namespace').map(({ object }) => object.metadata.name)
  const pods = podTemplatesOf({ manifests })
  const withHostPath = pods.filter((pod) => hostPathsOf(pod).length > 0)
  const linked = linkedPods({ manifests })
  const onGpus = pods.filter((pod) => pod.object.kind === 'Deployment' && requestsOf(pod).gpus > 0)
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
      onGpus.map((pod) => `${pod.namespace}/${pod.object.metadata.name}`),
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
