import { listReadable, type Readable } from './list-readable.ts'
import type { Cluster, KubernetesObject } from './ports/cluster.ts'

/** The pods that the Deployment's selector matches. */
export function listPods(deployment: KubernetesObject, cluster: Pick<Cluster, 'list'>, signal: AbortSignal): Promise<Readable> {
  const { spec } = deployment as unknown as { readonly spec?: { readonly selector?: LabelSelector } }
  const labelSelector = selectorText(spec?.selector ?? {})
  const { namespace } = deployment.metadata
  return listReadable(cluster, { apiVersion: 'v1', kind: 'Pod', ...(namespace === undefined ? {} : { namespace }), labelSelector }, signal)
}

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[]
}

/** A LabelSelector in the form of a query: `app=vllm,tier in (a,b)` (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
  })
  return [...equal, ...expressions].join(',')
}
