import { isPair, isScalar, type Document, type Node, type Pair, type Scalar } from 'yaml'

/** Fields that are integers by their schema, in Kubernetes, KEDA and Karpenter, wherever they stand. */
const integers = new Set(
  [
    'iops throughput volumeInitializationRate',
    'replicas minReplicas maxReplicas minReplicaCount maxReplicaCount',
    'progressDeadlineSeconds revisionHistoryLimit minReadySeconds terminationGracePeriodSeconds',
    'periodSeconds initialDelaySeconds timeoutSeconds failureThreshold successThreshold',
    'containerPort hostPort',
  ].flatMap((names) => names.split(' ')),
)

/** Maps whose values are texts, whatever their keys. */
const textMaps = new Set(['annotations', 'data', 'labels', 'matchLabels', 'nodeSelector', 'parameters', 'stringData', 'tags'])

/** Whether a whole unquoted `${NAME}` stands where only an integer can be meant, so that its value is one. */
export function isIntegerField({ type }: Scalar, ancestors: readonly (Document | Node | Pair)[]): boolean {
  const keys = ancestors.flatMap((each) => (isPair(each) && isScalar(each.key) ? [String(each.key.value)] : []))
  return (
    type === 'PLAIN' && integers.has(keys.at(-1) ?? '') && isPair(ancestors.at(-1)) && !keys.slice(0, -1).some((key) => textMaps.has(key))
  )
}
