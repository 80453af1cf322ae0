import type { Cluster } from '../cluster.ts'
import type { NodePool } from '../karpenter/objects.ts'
import type { Deployment, KubeObject } from '../objects.ts'
import { sameJson } from '../store.ts'
import type { ResourcePath } from './read-path.ts'
import { invalid } from './status.ts'

const longestValue = 63
/** As Karpenter's CRD has it (karpenter.sh_nodepools.yaml, `consolidateAfter`). */
const consolidateAfter = /^(([0-9]+(s|m|h))+|Never)$/

/**
 * Labels, selectors and durations as the API server and Karpenter's CRD check them (apimachinery pkg/apis/meta/v1/validation; pkg/apis/apps/validation).
 * @throws StatusError 422 in the API server's words.
 */
export function checkLabels(
  cluster: Cluster,
  { kind, name, namespace }: ResourcePath & { readonly name: string },
  object: KubeObject,
): void {
  const refuse = (field: string, problem: string) => invalid(kind, name, field, problem)
  for (const value of Object.values(object.metadata?.labels ?? {})) {
    const problem = problemOf(value)
    if (problem !== undefined) throw refuse('metadata.labels', `Invalid value: ${JSON.stringify(value)}: ${problem}`)
  }
  if (kind.kind === 'NodePool') {
    const after = (object as NodePool).spec.disruption?.consolidateAfter
    if (after !== undefined && !consolidateAfter.test(after)) {
      const pattern = `spec.disruption.consolidateAfter in body should match '${consolidateAfter.source}'`
      throw refuse('spec.disruption.consolidateAfter', `Invalid value: ${JSON.stringify(after)}: ${pattern}`)
    }
  }
  if (kind.kind !== 'Deployment') return
  const { selector, template } = (object as Deployment).spec
  const labels = template.metadata?.labels ?? {}
  const before = cluster.store.get<Deployment>('Deployment', name, namespace)?.spec.selector
  if (before !== undefined && !sameJson(before, selector))
    throw refuse('spec.selector', `Invalid value: ${JSON.stringify(selector)}: field is immutable`)
  if (!Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)) {
    const problem = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``
    throw refuse('spec.template.metadata.labels', problem)
  }
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a string'
  if (value.length > longestValue) return `must be no more than ${longestValue} characters`
  if (value === '' || /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/.test(value)) return undefined
  return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
}
