import { textAt, type KubernetesObject } from '@prebake/manifests'

/** What scales a Deployment by itself. */
export interface Autoscaler {
  /** `HorizontalPodAutoscaler` or `ScaledObject`. */
  readonly kind: string
  readonly name: string
  /** Kind and name of what it scales. */
  readonly target: { readonly kind: string; readonly name: string }
}

/** What an HPA or a ScaledObject scales; both have `spec.scaleTargetRef`, and KEDA's kind defaults to Deployment. */
export function readAutoscaler(object: KubernetesObject): Autoscaler {
  const target = {
    kind: textAt(object, 'spec.scaleTargetRef.kind') ?? 'Deployment',
    name: textAt(object, 'spec.scaleTargetRef.name') ?? '',
  }
  return { kind: object.kind, name: object.metadata.name, target }
}
