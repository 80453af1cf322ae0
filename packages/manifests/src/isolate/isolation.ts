import type { Manifest } from '../manifest.ts'

/** On every object of an isolated copy, on its nodes and on its pods: the run that made it. It is also the key of the taint on its nodes. */
export const ownerLabel = 'prebake.dev/benchmark'
/** Which of the copies of one run it is. */
export const copyLabel = 'prebake.dev/benchmark-copy'
/** ISO 8601, on every object of an isolated copy: from then on its run is taken for lost, and whoever finds the object may delete it. */
export const lostAfterAnnotation = 'prebake.dev/benchmark-lost-after'

/** Which copy is made. */
export interface Isolation {
  /** The run, as a label's value: letters, digits, `-`, at most 63. */
  readonly owner: string
  /** Tells the copies of one run apart: a short word that may end a name. */
  readonly copy: string
  /** For documents without one, where their kind is namespaced. */
  readonly namespace: string
  readonly lostAfter: Date
  /** Replicas that the copy starts with. */
  readonly replicas: number
}

export interface IsolatedCopy {
  /** In the order in which they were given. */
  readonly manifests: readonly Manifest[]
  readonly deployment: { readonly name: string; readonly namespace: string }
  readonly nodePool: string
  /** `Service default/inference`: what was given and is not copied. */
  readonly leftOut: readonly string[]
}

/** The labels of the copy's pods and nodes. No Service selects them. */
export const ownLabels = ({ owner, copy }: Pick<Isolation, 'owner' | 'copy'>): Readonly<Record<string, string>> => ({
  [ownerLabel]: owner,
  [copyLabel]: copy,
})

/** The longest name that is also valid as a label's value, which that of a NodePool is. */
const longestName = 63

/** The name of the copy: what does not fit is cut off its middle, so that the suffix stays. */
export function copyName(name: string, { owner, copy }: Pick<Isolation, 'owner' | 'copy'>): string {
  const suffix = `-${owner.slice(-8)}-${copy}`
  return `${name.slice(0, longestName - suffix.length).replace(/[^a-z0-9]+$/, '')}${suffix}`
}
