import { textAt, type KubernetesObject } from '@prebake/manifests'
import { isClaimOf, nodeNameOf } from '@prebake/rollout/observe'
import type { Evidence } from './evidence.ts'
import { ownClauses } from './own-clauses.ts'

/** What events may be about. */
export interface EventSubjects {
  readonly pods: readonly KubernetesObject[]
  readonly nodePools: readonly KubernetesObject[]
  readonly nodeClasses: readonly KubernetesObject[]
}

const namesOf = (objects: readonly KubernetesObject[]): ReadonlySet<string> => new Set(objects.map(({ metadata }) => metadata.name))

/**
 * Warnings about what is not in order, and what the kubelet says of images. A pod that has a node by now is past what kept it from one. Where Karpenter has
 * spoken of a pod, the scheduler's words are about other nodes: that those do not fit is why Karpenter makes one.
 */
export function eventLines(events: readonly KubernetesObject[], { pods, nodePools, nodeClasses }: EventSubjects): readonly Evidence[] {
  const names = { pods: namesOf(pods), nodePools: namesOf(nodePools), nodeClasses: namesOf(nodeClasses) }
  const subjects: Readonly<Record<string, (name: string) => boolean>> = {
    Pod: (name) => names.pods.has(name),
    NodePool: (name) => names.nodePools.has(name),
    EC2NodeClass: (name) => names.nodeClasses.has(name),
    NodeClaim: (name) => nodePools.some(({ metadata }) => isClaimOf(metadata.name, name)),
  }
  const placed = namesOf(pods.filter((pod) => nodeNameOf(pod) !== undefined))
  const provisioned = new Set(events.filter((event) => isFrom(event, 'karpenter')).map((event) => textAt(event, 'involvedObject.name')))
  return events.flatMap((event): readonly Evidence[] => {
    const [kind = '', name = '', reason = '', type] = ['involvedObject.kind', 'involvedObject.name', 'reason', 'type'].map((path) =>
      textAt(event, path),
    )
    const isOver = reason === 'FailedScheduling' && (placed.has(name) || (provisioned.has(name) && !isFrom(event, 'karpenter')))
    if (subjects[kind]?.(name) !== true || isOver || (type !== 'Warning' && reason !== 'Pulled')) return []
    const namespace = textAt(event, 'involvedObject.namespace')
    const object = `${kind} ${namespace ? `${namespace}/` : ''}${name}`
    const text = `${reason}: ${textAt(event, 'message') ?? ''}`
    const about = reason === 'FailedScheduling' ? ownClauses(text, [...names.nodePools]) : text
    return about === '' ? [] : [{ object, kind: 'event', text, ...(about !== text && { about }) }]
  })
}

/** The newer recorder of events has one field, the older one another. */
const isFrom = (event: KubernetesObject, component: string): boolean =>
  [textAt(event, 'reportingComponent'), textAt(event, 'source.component')].includes(component)
