import type { Fault, Rule } from '../finding.ts'
import { faultAt, type Located } from '../subject/located.ts'
import { nodePoolsOf } from '../subject/node-pools.ts'
import { placementsOf } from '../subject/placements.ts'
import { podFault, podTemplatesOf, requestsOf } from '../subject/pod-templates.ts'
import { listAt, readField, textAt, textOrNumberAt, textsAt } from '@prebake/manifests'
import type { PreflightSubject } from '../subject/subject.ts'

/** Set by a rollout that holds a NodePool's nodes still, and taken off with that hold. */
const held = 'prebake.dev/held'

interface Budget {
  readonly index: number
  readonly nodes: string
  readonly permanent: boolean
  readonly fields: unknown
}

const budgetsOf = ({ object }: Located): readonly Budget[] =>
  listAt(object, 'spec.disruption.budgets').map((fields, index) => ({
    index,
    nodes: String(textOrNumberAt(fields, 'nodes') ?? '10%'),
    permanent: readField(fields, 'schedule') === undefined,
    fields,
  }))

/** No reasons means all of them. */
const isFor = ({ fields }: Budget, reason: string) =>
  readField(fields, 'reasons') === undefined || textsAt(fields, 'reasons').includes(reason)

/** NodePools whose nodes have a snapshot's volume. */
const bakedPools = (subject: PreflightSubject) => {
  const sources = new Set(placementsOf(subject).flatMap(({ pool, volume }) => (volume === undefined ? [] : [pool.object.metadata.name])))
  return nodePoolsOf(subject).filter(({ object }) => sources.has(object.metadata.name))
}

/** NodePools: whether old nodes ever go, and whether pods find theirs. */
export const nodePoolRules: readonly Rule[] = [
  {
    id: 'drift-blocked',
    severity: 'warning',
    about: 'A budget of 0 for drifted nodes without a schedule: old nodes, and old machine images, stay until they expire.',
    judge: (subject) =>
      bakedPools(subject).flatMap((pool) =>
        budgetsOf(pool).flatMap((budget): Fault[] => {
          const none = /^0+%?$/.test(budget.nodes) && budget.permanent && isFor(budget, 'Drifted')
          if (!none || pool.object.metadata.annotations?.[held] !== undefined) return []
          const reason = 'drifted nodes are never replaced: a new snapshot and security updates wait until nodes expire.'
          const remedy = "Set `nodes: '1'` or more; a rollout holds nodes still by itself while it runs."
          return [faultAt(pool, `spec.disruption.budgets[${budget.index}]`, reason, remedy)]
        }),
      ),
  },
  {
    id: 'unlimited-consolidation',
    severity: 'warning',
    about: 'Budgets that leave out a reason for which Karpenter then may replace all nodes at once: any list replaces the default of 10 %.',
    judge: (subject) =>
      bakedPools(subject).flatMap((pool): Fault[] => {
        const budgets = budgetsOf(pool)
        const policy = textAt(pool.object, 'spec.disruption.consolidationPolicy') ?? 'WhenEmptyOrUnderutilized'
        if (budgets.length === 0 || policy === 'WhenEmpty' || budgets.some((budget) => isFor(budget, 'Underutilized'))) return []
        const reason = 'no budget counts for Underutilized, so that all such nodes may go at once, with the pods on them.'
        const remedy = 'Add a budget for Underutilized, or set `consolidationPolicy: WhenEmpty`.'
        return [faultAt(pool, 'spec.disruption.budgets', reason, remedy)]
      }),
  },
  {
    id: 'no-node-pool',
    severity: 'warning',
    about: 'No NodePool makes nodes for pods that ask for GPUs: none has the labels that they select, or they do not tolerate its taints.',
    needs: ['nodePools'],
    judge: (subject) => {
      const pools = nodePoolsOf(subject)
      const served = new Set(placementsOf(subject).map(({ pod }) => pod.workload.source))
      const lost = podTemplatesOf(subject).filter((pod) => requestsOf(pod).gpus > 0 && !served.has(pod.workload.source))
      if (pools.length === 0) return []
      return lost.map((pod) => {
        const names = pools.map(({ object }) => object.metadata.name).join(', ')
        const reason = `none of the NodePools (${names}) makes nodes with the labels and taints that these pods accept.`
        return podFault(pod, 'nodeSelector', reason, 'Select the labels that the NodePool gives its nodes, and tolerate its taints.')
      })
    },
  },
]
