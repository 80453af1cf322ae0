import { listAt, pausedBy, readField, textAt, textOrNumberAt, textsAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { bakedNodeClasses } from '../../subject/baked-node-classes.ts'
import type { Located } from '../../subject/located.ts'
import { machineImagesOf } from '../../subject/machine-images.ts'
import { bakedPools } from '../../subject/placements.ts'
import { rule, type Rule } from '../rule.ts'

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

/** A budget without reasons is for all of them. */
const isFor = ({ fields }: Budget, reason: string) =>
  readField(fields, 'reasons') === undefined || textsAt(fields, 'reasons').includes(reason)

/** Nodes that Karpenter replaces all at once, at a bad time, or never. */
export const nodeDisruption: readonly Rule[] = [
  rule({
    id: 'unlimited-consolidation',
    severity: 'warning',
    about:
      'Budgets that leave out a reason, for which Karpenter may then replace all nodes at once: any list replaces the default of 10 %.',
    each: bakedPools,
    judge: (pool) => {
      const budgets = budgetsOf(pool)
      const policy = textAt(pool.object, 'spec.disruption.consolidationPolicy') ?? 'WhenEmptyOrUnderutilized'
      if (budgets.length === 0 || policy === 'WhenEmpty' || budgets.some((budget) => isFor(budget, 'Underutilized'))) return undefined
      const problem = 'no budget limits Underutilized, so all such nodes may go at once, with the pods on them.'
      const fix = 'Add a budget for Underutilized, or set `consolidationPolicy: WhenEmpty`.'
      return flaw(pool, 'spec.disruption.budgets', problem, fix)
    },
  }),
  rule({
    id: 'bottlerocket-latest',
    severity: 'warning',
    about:
      '`bottlerocket@latest`, or the newest image by SSM parameter or name: every release of Bottlerocket replaces every node, at a time that you do not choose.',
    each: bakedNodeClasses,
    judge: (nodeClass) =>
      machineImagesOf(nodeClass).flatMap(({ field, family, release }): (Flaw | Unjudged)[] => {
        if (family !== 'bottlerocket') return []
        if (field.endsWith('.tags'))
          return [unjudged(nodeClass, field, 'whether a new machine image gets these tags by itself is not known here')]
        if (release !== 'latest') return []
        const problem =
          'every release of Bottlerocket replaces every node, each pod gone before its successor is ready, without a test with this snapshot.'
        return [flaw(nodeClass, field, problem, 'Name a release, such as `bottlerocket@v1.69.0`.')]
      }),
  }),
  rule({
    id: 'drift-blocked',
    severity: 'warning',
    about: 'A budget of 0 for drifted nodes without a schedule: old nodes, and old machine images, stay until they expire.',
    each: (subject) => bakedPools(subject).flatMap((pool) => budgetsOf(pool).map((budget) => ({ pool, budget }))),
    judge: ({ pool, budget }) => {
      const none = /^0+%?$/.test(budget.nodes) && budget.permanent && isFor(budget, 'Drifted')
      if (!none || pool.object.metadata.annotations?.[pausedBy] !== undefined) return undefined
      const problem = 'drifted nodes are never replaced: a new snapshot and security updates wait until nodes expire.'
      const fix = "Set `nodes: '1'` or more; a rollout pauses drift by itself while it runs."
      return flaw(pool, `spec.disruption.budgets[${budget.index}]`, problem, fix)
    },
  }),
]
