import { fieldsOf, listAt, readField, textAt } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { isRefusedByKarpenter } from '../../subject/karpenter-labels.ts'
import { namespaceLabels } from '../../subject/namespaces.ts'
import { mismatchOf, nodePoolsOf } from '../../subject/node-pools.ts'
import { placementsOf } from '../../subject/placements.ts'
import { asksForGpus } from '../../subject/pod-resources.ts'
import { podTemplatesOf, type PodTemplate } from '../../subject/pod-templates.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

const enforced = 'pod-security.kubernetes.io/enforce'

/** Pods that are refused, or that select nodes which nothing makes. */
export const nodeSelection: readonly Rule[] = [
  rule({
    id: 'pod-security',
    severity: 'error',
    about: 'The namespace enforces a Pod Security level that forbids hostPath, by which pods read the snapshot.',
    needs: ['namespace'],
    each: podTemplatesOf,
    judge: (pod, subject) => {
      const level = namespaceLabels(subject, pod.namespace)?.[enforced]
      const index = listAt(pod.spec, 'volumes').findIndex((volume) => readField(volume, 'hostPath') !== undefined)
      if (index < 0 || (level !== 'baseline' && level !== 'restricted')) return undefined
      const problem = `the namespace ${pod.namespace} enforces \`${level}\`, which forbids hostPath: no pod is ever created.`
      return flaw(pod, `volumes[${index}].hostPath`, problem, `Use a namespace of its own, labelled \`${enforced}: privileged\`.`)
    },
  }),
  rule({
    id: 'no-node-pool',
    severity: 'warning',
    about: 'No NodePool makes nodes for pods that ask for GPUs: none has the labels that they select, or they do not tolerate its taints.',
    needs: ['nodePools'],
    each: (subject) => {
      const served = new Set(placementsOf(subject).map(({ pod }) => pod))
      return podTemplatesOf(subject).filter((pod) => asksForGpus(pod) && !served.has(pod))
    },
    judge: noNodePool,
  }),
  rule({
    id: 'refused-node-label',
    severity: 'error',
    about: "Pods select nodes by a label in Karpenter's own domain that is not well known to it: they stay Pending indefinitely.",
    each: podTemplatesOf,
    judge: refusedLabels,
  }),
]

function refusedLabels(pod: PodTemplate): readonly Flaw[] {
  const affinity = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
  const selected = Object.keys(fieldsOf(pod.spec['nodeSelector'])).map((key) => ({ key, field: 'nodeSelector' }))
  const required = listAt(pod.spec, affinity).flatMap((term, index) =>
    listAt(term, 'matchExpressions').map((expression) => ({ key: textAt(expression, 'key') ?? '', field: `${affinity}[${index}]` })),
  )
  return [...selected, ...required].flatMap(({ key, field }): Flaw[] => {
    if (!isRefusedByKarpenter(key)) return []
    const problem = `Karpenter ignores pods that select by \`${key}\`, although it sets that label itself: they stay Pending indefinitely.`
    return [flaw(pod, field, problem, 'Select by a label of your own, which the NodePool gives its nodes.')]
  })
}

function noNodePool(pod: PodTemplate, subject: PreflightSubject): Flaw | undefined {
  const pools = nodePoolsOf(subject).map((pool) => ({ name: pool.object.metadata.name, ...mismatchOf(pool, pod.spec) }))
  if (pools.length === 0) return undefined
  const tainted = pools.find(({ labels }) => labels.length === 0)
  if (tainted !== undefined) {
    const { name, taints } = tainted
    const keys = [...new Set(taints.map((taint) => taint.replace(/[=:].*/, '')))]
    const wanted = keys.map((key) => `\`{ key: ${key}, operator: Exists }\``).join(', ')
    const problem = `the nodes of NodePool ${name} have the taint ${taints.join(', ')}, which these pods do not tolerate.`
    return flaw(pod, 'tolerations', problem, `Add ${wanted}.`)
  }
  const lacking = pools.map(({ name, labels }) => `${name}: ${labels.join(', ')}`).join('; ')
  const problem = `no NodePool makes nodes with the labels that these pods select (NodePool ${lacking}).`
  return flaw(pod, 'nodeSelector', problem, 'Select the labels that the NodePool gives its nodes.')
}
