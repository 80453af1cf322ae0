import { createHash } from 'node:crypto'
import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import type { Deployment, ReplicaSet } from '../objects.ts'
import { recordEvent } from '../record-event.ts'
import { planRollout } from './plan-rollout.ts'
import { isOwnedBy, ownerReferenceTo } from './sync-replica-sets.ts'
import { writeDeploymentStatus } from './write-deployment-status.ts'

const revisionKey = 'deployment.kubernetes.io/revision'
const revisionOf = ({ metadata }: ReplicaSet): number => Number(metadata.annotations?.[revisionKey] ?? 0)

/** Rolls every Deployment on by one step, and writes its status. */
export function syncDeployments(cluster: Cluster): void {
  for (const deployment of cluster.store.list<Deployment>('Deployment')) {
    const owned = () =>
      cluster.store.list<ReplicaSet>('ReplicaSet', deployment.metadata.namespace).filter((set) => isOwnedBy(set, deployment))
    const hash = templateHash(deployment)
    const current = currentSet(cluster, deployment, owned(), hash)
    if (deployment.spec.paused !== true) {
      const plan = planRollout(
        deployment.spec,
        current,
        owned().filter((set) => set !== current),
      )
      for (const [set, replicas] of plan) resize(cluster, deployment, set, replicas)
    }
    writeDeploymentStatus(cluster, deployment, hash, owned())
    // Nothing else would make it look again when the deadline has passed.
    cluster.agenda.soon(`deadline ${deployment.metadata.uid}`, deployment.spec.progressDeadlineSeconds + 1, () => syncDeployments(cluster))
  }
}

/** The real one is an FNV hash; what counts is that another template gives another. */
function templateHash({ spec }: Deployment): string {
  const digest = createHash('sha256').update(JSON.stringify(spec.template)).digest()
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** The ReplicaSet of the Deployment's template, made if there is none; its revision is the highest. */
function currentSet(cluster: Cluster, deployment: Deployment, sets: readonly ReplicaSet[], hash: string): ReplicaSet {
  const { store } = cluster
  const { name, namespace } = deployment.metadata
  const newest = Math.max(0, ...sets.map(revisionOf))
  const found = sets.find(({ metadata }) => metadata.labels?.['pod-template-hash'] === hash)
  const revision = found && revisionOf(found) === newest ? newest : newest + 1
  const { template, selector } = deployment.spec
  const labels = { ...template.metadata?.labels, 'pod-template-hash': hash }
  const set =
    found ??
    store.create<ReplicaSet>({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace !== undefined && { namespace }),
        labels,
        ownerReferences: [ownerReferenceTo(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    })
  store.update(deployment, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: String(revision) }
  })
  return store.update(set, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: String(revision) }
  })
}

function resize(cluster: Cluster, about: Deployment, set: ReplicaSet, to: number): void {
  const from = set.spec.replicas
  if (from === to) return
  cluster.store.update(set, (draft) => {
    draft.spec.replicas = to
  })
  const form = to < from ? messageForms.scaledDown : from === 0 ? messageForms.scaledUpNew : messageForms.scaledUp
  const message = fill(form, { replicaSet: set.metadata.name, from, to })
  recordEvent(cluster, { about, type: 'Normal', reason: 'ScalingReplicaSet', message, component: 'deployment-controller' })
}
