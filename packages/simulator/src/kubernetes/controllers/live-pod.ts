import type { Cluster } from '../cluster.ts'
import { fill, type Form } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
import { recordEvent } from '../record-event.ts'

/** The pod as it is now; undefined once it is being deleted. */
export function livePod({ store }: Cluster, { name, namespace, uid }: Pod['metadata']): Pod | undefined {
  const pod = store.get<Pod>('Pod', name, namespace)
  return pod?.metadata.uid === uid && pod.metadata.deletionTimestamp === undefined ? pod : undefined
}

/** An event of the kubelet about a pod's container, or with no container about the pod. */
export function recordPodEvent(
  cluster: Cluster,
  pod: Pod,
  type: 'Normal' | 'Warning',
  reason: string,
  form: Form,
  container?: Container,
  values: object = {},
): void {
  const { name, namespace = 'default', uid } = pod.metadata
  const given = { pod: name, namespace, uid, ...(container && { container: container.name, image: container.image }), ...values }
  const fieldPath = container ? { fieldPath: `spec.containers{${container.name}}` } : {}
  const host = pod.spec.nodeName ?? ''
  recordEvent(cluster, { about: pod, type, reason, message: fill(form, given), component: 'kubelet', host, ...fieldPath })
}
