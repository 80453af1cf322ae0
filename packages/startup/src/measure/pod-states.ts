import { trueCondition, type History, type PodObject } from '../timeline/observed-objects.ts'

/** The pods' states for a progress line: "2 waiting for a node, 1 creating, 1 starting". */
export function podStates(pods: readonly History<PodObject>[]): string {
  const counts = Map.groupBy(pods, podState)
  return order
    .filter((state) => counts.has(state))
    .map((state) => `${counts.get(state)?.length ?? 0} ${state}`)
    .join(', ')
}

export function isReady({ latest, deleted }: History<PodObject>): boolean {
  return !deleted && trueCondition(latest.status?.conditions, 'Ready') !== undefined
}

const order = ['waiting for a node', 'creating', 'starting', 'ready', 'crashing', 'deleted'] as const

function podState(pod: History<PodObject>): (typeof order)[number] {
  if (pod.deleted) return 'deleted'
  if (isReady(pod)) return 'ready'
  const { spec, status } = pod.latest
  if (spec?.nodeName === undefined) return 'waiting for a node'
  const container = status?.containerStatuses?.[0]
  if ((container?.restartCount ?? 0) > 0 || container?.state?.terminated !== undefined) return 'crashing'
  return container?.state?.running === undefined ? 'creating' : 'starting'
}
