import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import { matchesRequirement, nodeRequirements, untolerated } from '../matches-requirement.ts'
import type { Node, Pod } from '../objects.ts'
import { allocatableOf, insufficient, remaining, requestsOf } from '../pod-resources.ts'
import { recordEvent } from '../record-event.ts'
import { conditionOf, setCondition } from '../set-condition.ts'

/** Puts every waiting pod on the first node that has room for it; an event says why one has none. */
export function schedulePods(cluster: Cluster): void {
  const { store } = cluster
  const waiting = store
    .list<Pod>('Pod')
    .filter(({ spec, metadata }) => spec.nodeName === undefined && metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
  for (const pod of waiting) {
    const nodes = store.list<Node>('Node').map((node) => ({ node, obstacles: obstaclesTo(cluster, pod, node) }))
    const free = nodes.find(({ obstacles }) => obstacles.length === 0)
    if (free) bind(cluster, pod, free.node)
    else {
      refuse(
        cluster,
        pod,
        nodes.map(({ obstacles }) => obstacles),
      )
    }
  }
}

/** Why a pod does not fit a node, in the scheduler's words; empty: it fits. */
function obstaclesTo({ store }: Cluster, pod: Pod, node: Node): readonly string[] {
  if (node.spec.unschedulable === true) return ['node(s) were unschedulable']
  const taint = untolerated(pod.spec, node.spec.taints)
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`]
  const labels = node.metadata.labels ?? {}
  if (!nodeRequirements(pod.spec).every((requirement) => matchesRequirement(labels, requirement))) {
    return ["node(s) didn't match Pod's node affinity/selector"]
  }
  const there = store.list<Pod>('Pod').filter(({ spec }) => spec.nodeName === node.metadata.name)
  return insufficient(requestsOf(pod.spec), remaining(allocatableOf(node), there)).map((name) => `Insufficient ${name}`)
}

function bind(cluster: Cluster, pod: Pod, node: Node): void {
  const { store, agenda } = cluster
  const bound = store.update(pod, (draft) => {
    draft.spec.nodeName = node.metadata.name
    draft.status.conditions ??= []
    setCondition(draft.status.conditions, agenda.now(), { type: 'PodScheduled', status: 'True' })
  })
  const { name, namespace = 'default' } = pod.metadata
  const message = fill(messageForms.scheduled, { namespace, pod: name, node: node.metadata.name })
  recordEvent(cluster, { about: bound, type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler' })
}

function refuse(cluster: Cluster, pod: Pod, byNode: readonly (readonly string[])[]): void {
  const nodes = byNode.length
  const obstacles = byNode.flat()
  const counts = [...new Set(obstacles)]
    .map((obstacle) => `${obstacles.filter((other) => other === obstacle).length} ${obstacle}`)
    .toSorted()
  const message = nodes === 0 ? messageForms.noNodes : fill(messageForms.unschedulable, { nodes, reasons: counts.join(', ') })
  const before = conditionOf(pod, 'PodScheduled')
  if (before?.message === message) return
  const about = cluster.store.update(pod, (draft) => {
    draft.status.conditions ??= []
    setCondition(draft.status.conditions, cluster.agenda.now(), { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })
  })
  recordEvent(cluster, { about, type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' })
}
