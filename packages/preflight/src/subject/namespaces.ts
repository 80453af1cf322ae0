import { readField, textAt, type KubernetesObject } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import { manifestsOf } from './located.ts'
import type { Autoscaler, PreflightSubject } from './subject.ts'

/** Of the manifests, else of the cluster; undefined where neither has the namespace. */
export function namespaceLabels(subject: PreflightSubject, name: string): Readonly<Record<string, string>> | undefined {
  const given = manifestsOf(subject, '', 'Namespace').find(({ object }) => object.metadata.name === name)
  return given?.object.metadata.labels ?? valueOf(subject.facts.namespace[name])
}

/** Services of a namespace that set environment variables in its pods: those of the manifests and of the cluster, without headless ones. */
export function serviceNames(subject: PreflightSubject, namespace: string): readonly string[] {
  const given = manifestsOf(subject, '', 'Service').map(({ object }) => object)
  const services = [...given, ...(valueOf(subject.facts.services[namespace]) ?? [])]
  const linked = services.filter(
    ({ metadata, spec }) => (metadata.namespace ?? 'default') === namespace && readField(spec, 'clusterIP') !== 'None',
  )
  return [...new Set(linked.map(({ metadata }) => metadata.name))]
}

/** Autoscalers of a namespace, in the manifests and in the cluster. */
export function autoscalersOf(subject: PreflightSubject, namespace: string): readonly Autoscaler[] {
  const given = [...manifestsOf(subject, 'autoscaling', 'HorizontalPodAutoscaler'), ...manifestsOf(subject, 'keda.sh', 'ScaledObject')]
  const here = given
    .filter(({ object }) => (object.metadata.namespace ?? 'default') === namespace)
    .map(({ object }) => readAutoscaler(object))
  return [...here, ...(valueOf(subject.facts.autoscalers[namespace]) ?? [])]
}

/** What an HPA or a ScaledObject scales; both have `spec.scaleTargetRef`, and KEDA's kind defaults to Deployment. */
export function readAutoscaler(object: KubernetesObject): Autoscaler {
  const target = {
    kind: textAt(object, 'spec.scaleTargetRef.kind') ?? 'Deployment',
    name: textAt(object, 'spec.scaleTargetRef.name') ?? '',
  }
  return { kind: object.kind, name: object.metadata.name, target }
}
