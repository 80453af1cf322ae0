import { numberAt } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { isAbsent, valueOf } from '../../ports/fact.ts'
import { snapshotVolumes } from '../../subject/node-classes.ts'
import { nodeClassNameOf, nodePoolsOf } from '../../subject/node-pools.ts'
import { rule, type Rule } from '../rule.ts'

/** EC2NodeClasses that Karpenter or the API server cannot use. */
export const refusedNodeClass: readonly Rule[] = [
  rule({
    id: 'node-class-missing',
    severity: 'error',
    about: 'A NodePool refers to an EC2NodeClass that is neither in the manifests nor in the cluster.',
    needs: ['nodeClass'],
    each: nodePoolsOf,
    judge: (pool, subject) => {
      const name = nodeClassNameOf(pool)
      if (pool.live || name === undefined || !isAbsent(subject.facts.nodeClass[name])) return undefined
      const problem = `EC2NodeClass ${name} is neither in the manifests nor in the cluster.`
      return flaw(pool, 'spec.template.spec.nodeClassRef.name', problem, 'Add it to the manifests, or refer to one that exists.')
    },
  }),
  rule({
    id: 'crd-without-rate',
    severity: 'error',
    about: "The cluster's CRD does not know `volumeInitializationRate`, which came with Karpenter 1.5.",
    needs: ['nodeClassSchema'],
    each: snapshotVolumes,
    judge: (volume, subject) => {
      const schema = valueOf(subject.facts.nodeClassSchema[''])
      if (numberAt(volume.ebs, 'volumeInitializationRate') === undefined || schema?.volumeInitializationRate !== false) return undefined
      const problem = "the cluster's EC2NodeClass does not know this field: it came with Karpenter 1.5."
      const fix = 'Update Karpenter with its CRDs to 1.5 or newer, or leave the field out.'
      return flaw(volume, 'ebs.volumeInitializationRate', problem, fix)
    },
  }),
]
