import { readField } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import { manifestsOf } from './located.ts'
import type { PreflightSubject } from './subject.ts'

/** Services of a namespace that set environment variables in its pods: those of the manifests and of the cluster, without headless ones. */
export function serviceNames(subject: PreflightSubject, namespace: string): readonly string[] {
  const given = manifestsOf(subject, '', 'Service').map(({ object }) => object)
  const services = [...given, ...(valueOf(subject.facts.services[namespace]) ?? [])]
  const linked = services.filter(
    ({ metadata, spec }) => (metadata.namespace ?? 'default') === namespace && readField(spec, 'clusterIP') !== 'None',
  )
  return [...new Set(linked.map(({ metadata }) => metadata.name))]
}
