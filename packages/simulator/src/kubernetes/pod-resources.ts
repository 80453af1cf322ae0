import type { Node, Pod, PodSpec } from './objects.ts'
import { parseQuantity } from './quantity.ts'

export const resourceNames = ['cpu', 'memory', 'nvidia.com/gpu'] as const
export type Resources = Readonly<Record<(typeof resourceNames)[number], number>>

const sum = (of: (name: (typeof resourceNames)[number]) => number): Resources => ({
  cpu: of('cpu'),
  memory: of('memory'),
  'nvidia.com/gpu': of('nvidia.com/gpu'),
})

/** Cores, bytes and GPUs that a pod asks for. A limit without a request is a request, as the API server defaults it. */
export const requestsOf = ({ containers }: PodSpec): Resources =>
  sum((name) =>
    containers.reduce((total, { resources }) => total + parseQuantity(resources?.requests?.[name] ?? resources?.limits?.[name]), 0),
  )

export const allocatableOf = ({ status }: Pick<Node, 'status'>): Resources => sum((name) => parseQuantity(status.allocatable[name]))

/** What is left of `total` when these pods have theirs. */
export const remaining = (total: Resources, pods: readonly Pod[]): Resources => {
  const taken = pods.map((pod) => requestsOf(pod.spec))
  return sum((name) => total[name] - taken.reduce((used, requests) => used + requests[name], 0))
}

/** The resources that there is too little of. */
export const insufficient = (needed: Resources, free: Resources): readonly string[] =>
  resourceNames.filter((name) => needed[name] > free[name])
