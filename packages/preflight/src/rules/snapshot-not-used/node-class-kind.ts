import { nodeClassGroup, textAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import type { Located } from '../../subject/located.ts'
import { bakedVolumes, nodeClassesOf } from '../../subject/node-classes.ts'
import { isAutoMode, nodePoolsOf } from '../../subject/node-pools.ts'
import { placementsOf } from '../../subject/placements.ts'
import { asksForGpus } from '../../subject/pod-resources.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

const reference = 'spec.template.spec.nodeClassRef'
const groupIn = ({ object }: Located) => textAt(object, `${reference}.group`) ?? nodeClassGroup
const own = 'Use a NodePool of a Karpenter that you install yourself, beside Auto Mode, with an EC2NodeClass (karpenter.k8s.aws).'

/** NodePools for GPU pods, or beside an EC2NodeClass of the name that they refer to, whose nodes are made from another kind. */
function otherPools(subject: PreflightSubject): readonly Located[] {
  const placed = new Set(placementsOf(subject).flatMap(({ pod, pool }) => (asksForGpus(pod) ? pool.object : [])))
  return nodePoolsOf(subject).filter((pool) => groupIn(pool) !== nodeClassGroup && (placed.has(pool.object) || hasNamesake(pool, subject)))
}

function hasNamesake({ object }: Located, subject: PreflightSubject): boolean {
  const name = textAt(object, `${reference}.name`)
  return nodeClassesOf(subject).some((nodeClass) => nodeClass.object.metadata.name === name)
}

/** Whether a snapshot is meant to be on the nodes of this NodePool. */
const needsSnapshot = (pool: Located, subject: PreflightSubject) =>
  subject.snapshotId !== undefined || hasNamesake(pool, subject) || bakedVolumes(subject).length > 0

/** NodePools whose nodes are not made from an EC2NodeClass. */
export const nodeClassKind: readonly Rule[] = [
  rule({
    id: 'node-class-group',
    severity: 'error',
    about:
      'A NodePool refers to a NodeClass of EKS Auto Mode (`eks.amazonaws.com`), which takes no snapshot, and a snapshot is rolled out.',
    each: otherPools,
    judge: (pool, subject): Flaw | Unjudged | undefined => {
      if (!isAutoMode(pool)) return unjudged(pool, `${reference}.group`, `${groupIn(pool)} is no group whose NodeClasses are known here`)
      if (!needsSnapshot(pool, subject)) return undefined
      const problem = 'a NodeClass of EKS Auto Mode (eks.amazonaws.com) has no field for a snapshot: its nodes never get it.'
      return flaw(pool, `${reference}.group`, problem, own)
    },
  }),
  rule({
    id: 'auto-mode',
    severity: 'warning',
    about: 'GPU pods on nodes of EKS Auto Mode, which cannot be made from a snapshot.',
    each: otherPools,
    judge: (pool, subject) => {
      if (!isAutoMode(pool) || needsSnapshot(pool, subject)) return undefined
      const problem =
        'EKS Auto Mode makes these nodes, and its NodeClass has no field for a snapshot: image and model are pulled by every node.'
      return flaw(pool, `${reference}.group`, problem, own)
    },
  }),
]
