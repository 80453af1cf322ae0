import { textAt, type KubernetesObject } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import { manifestsOf } from './located.ts'
import type { Autoscaler, PreflightSubject } from './subject.ts'

/** What an HPA or a ScaledObject scales; both have `spec.scaleTargetRef`, and KEDA's kind defaults to Deployment. */
export function readAutoscaler(object: KubernetesObject): Autoscaler {
  const target = {
    kind: textAt(object, 'spec.scaleTargetRef.kind') ?? 'Deployment',
    name: textAt(object, 'spec.scaleTargetRef.name') ?? '',
  }
  return { kind: object.kind, name: object.metadata.name, target }
}

/** Of a namespace, in the manifests and in the cluster. */
export function autoscalersOf(subject: PreflightSubject, namespace: string): readonly Autoscaler[] {
  const given = [...manifestsOf(subject, 'autoscaling', 'HorizontalPodAutoscaler'), ...manifestsOf(subject, 'keda.sh', 'ScaledObject')]
  const here = given
    .filter(({ object }) => (object.metadata.namespace ?? 'default') === namespace)
    .map(({ object }) => readAutoscaler(object))
  return [...here, ...(valueOf(subject.facts.autoscalers[namespace]) ?? [])]
}
