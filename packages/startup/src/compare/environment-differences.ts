import type { NodeStart } from '../measure/run-facts.ts'
import type { Report } from '../report/report.ts'

/** A condition that must be the same for a comparison, and was not. */
export interface EnvironmentDifference {
  readonly field: 'simulated' | 'newPods' | 'instanceTypes' | 'nodes' | 'newNodes'
  readonly candidate: string
  readonly baseline: string
}

/** What must be equal for two starts to be comparable. What runs on the nodes may differ: image, model, snapshot and settings are what is compared. */
export interface Conditions {
  readonly simulated: boolean
  /** `to - from`. */
  readonly newPods: number
  readonly instanceTypes: readonly string[]
  readonly nodes: NodeStart
  /** Pods that came on nodes made for them. */
  readonly newNodes: number
}

/** The conditions under which a run was measured. */
export function conditionsOf(report: Report): Conditions {
  const { environment, simulated, pods } = report
  const newNodes = pods.filter(({ newNode }) => newNode).length
  return {
    simulated,
    newPods: environment.to - environment.from,
    instanceTypes: environment.instanceTypes,
    nodes: report.run?.nodes ?? (newNodes === 0 ? 'warm' : newNodes === pods.length ? 'cold' : 'mixed'),
    newNodes,
  }
}

/** Empty where the two may be compared. */
export function environmentDifferences(candidate: Conditions, baseline: Conditions): readonly EnvironmentDifference[] {
  const words = ({ simulated, newPods, instanceTypes, nodes, newNodes }: Conditions) => ({
    simulated: simulated ? 'simulated' : 'measured',
    newPods: String(newPods),
    instanceTypes: instanceTypes.join(', ') || 'unknown',
    nodes,
    // Only where some are new and some are not does their number say more than `nodes`.
    newNodes: nodes === 'mixed' ? String(newNodes) : '',
  })
  const [ours, theirs] = [words(candidate), words(baseline)]
  return (Object.keys(ours) as (keyof typeof ours)[]).flatMap((field) =>
    ours[field] === theirs[field] || theirs[field] === '' || ours[field] === ''
      ? []
      : [{ field, candidate: ours[field], baseline: theirs[field] }],
  )
}

/** `the baseline’s instance types are g6.xlarge, here g5.2xlarge` */
export function describeDifference({ field, candidate, baseline }: EnvironmentDifference): string {
  const names = {
    simulated: 'seconds are',
    newPods: 'number of new pods is',
    instanceTypes: 'instance types are',
    nodes: 'nodes are',
    newNodes: 'number of new nodes is',
  }
  return `the baseline’s ${names[field]} ${baseline}, here ${candidate}`
}
