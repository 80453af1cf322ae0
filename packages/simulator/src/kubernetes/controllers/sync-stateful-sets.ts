import { createHash } from 'node:crypto'
import type { Cluster } from '../cluster.ts'
import type { ControllerRevision, Pod, PodTemplate, StatefulSet } from '../objects.ts'
import { isTrue } from '../set-condition.ts'
import { deleteObject } from './delete-object.ts'
import { isOwnedBy, ownerReferenceTo } from './sync-replica-sets.ts'

const revisionLabel = 'controller-revision-hash'

/**
 * Rolls every StatefulSet on by one step (kubernetes pkg/controller/statefulset/stateful_set_control.go): pods by their ordinals, each of which must be
 * ready before the next comes; an update takes the highest first, and deletes it before it makes it again. In order, a pod that never gets ready stops
 * everything, even an update that would fix it.
 */
export function syncStatefulSets(cluster: Cluster): void {
  for (const set of cluster.store.list<StatefulSet>('StatefulSet')) {
    const revision = revisionOf(cluster, set)
    step(cluster, set, revision)
    writeStatus(cluster, set, revision)
  }
}

function step(cluster: Cluster, set: StatefulSet, revision: string): void {
  const { replicas, podManagementPolicy, updateStrategy } = set.spec
  const inOrder = podManagementPolicy === 'OrderedReady'
  const partition = updateStrategy.rollingUpdate?.partition ?? 0
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const pod = podAt(cluster, set, ordinal)
    if (pod === undefined) {
      const isOld = ordinal < partition
      create(cluster, set, ordinal, isOld ? (set.status?.currentRevision ?? revision) : revision)
    }
    if (inOrder && !(pod && isHealthy(pod))) return
  }
  const surplus = podsOf(cluster, set).filter(({ metadata }) => ordinalOf(metadata.name) >= replicas)
  const last = surplus.toSorted((a, b) => ordinalOf(b.metadata.name) - ordinalOf(a.metadata.name))[0]
  if (last) return void deleteObject(cluster, last)
  if (updateStrategy.type === 'OnDelete') return
  for (let ordinal = replicas - 1; ordinal >= partition; ordinal -= 1) {
    const pod = podAt(cluster, set, ordinal)
    if (pod && pod.metadata.labels?.[revisionLabel] !== revision && pod.metadata.deletionTimestamp === undefined)
      return void deleteObject(cluster, pod)
    if (!(pod && isHealthy(pod))) return
  }
}

const isHealthy = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && isTrue(pod, 'Ready')
const ordinalOf = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1))
const podAt = ({ store }: Cluster, { metadata }: StatefulSet, ordinal: number) =>
  store.get<Pod>('Pod', `${metadata.name}-${ordinal}`, metadata.namespace)
const podsOf = ({ store }: Cluster, set: StatefulSet): readonly Pod[] =>
  store.list<Pod>('Pod', set.metadata.namespace).filter((pod) => isOwnedBy(pod, set))

/** The name of the ControllerRevision of the present template, which is made if there is none. */
function revisionOf({ store }: Cluster, set: StatefulSet): string {
  const { template } = set.spec
  const { name: owner, namespace } = set.metadata
  const name = `${owner}-${createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10)}`
  if (store.get('ControllerRevision', name, namespace) === undefined) {
    store.create<ControllerRevision>({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name, ...(namespace !== undefined && { namespace }), ownerReferences: [ownerReferenceTo(set)] },
      data: { spec: { template } },
    })
  }
  return name
}

function create({ store }: Cluster, set: StatefulSet, ordinal: number, revision: string): void {
  const { name: owner, namespace } = set.metadata
  const template: PodTemplate =
    store.get<ControllerRevision>('ControllerRevision', revision, namespace)?.data.spec.template ?? set.spec.template
  const name = `${owner}-${ordinal}`
  const own = { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal), [revisionLabel]: revision }
  store.create<Pod>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...template.metadata?.labels, ...own },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReferenceTo(set)],
    },
    spec: template.spec,
    status: { phase: 'Pending' },
  })
}

function writeStatus(cluster: Cluster, set: StatefulSet, updateRevision: string): void {
  const there = podsOf(cluster, set).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const ready = there.filter((pod) => isTrue(pod, 'Ready')).length
  const of = (revision: string) => there.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision).length
  const updated = of(updateRevision)
  const isDone = set.spec.updateStrategy.type === 'RollingUpdate' && updated === there.length && ready === set.spec.replicas
  cluster.store.update(set, (draft) => {
    const currentRevision = isDone ? updateRevision : (draft.status?.currentRevision ?? updateRevision)
    draft.status = {
      observedGeneration: draft.metadata.generation ?? 1,
      replicas: there.length,
      currentRevision,
      updateRevision,
      currentReplicas: of(currentRevision),
      updatedReplicas: updated,
      // The API leaves out a count of zero.
      ...(ready > 0 && { readyReplicas: ready }),
      availableReplicas: ready,
    }
  })
}
